export type { Baseline } from './baseline/baseline';
export { formatBaseline } from './baseline/format-baseline';
export { toConfigState } from './baseline/config-state';
export { hashOf, shortHash } from './baseline/hashes';
export { readBaseline } from './baseline/read-baseline';
export type { WrittenFile } from './baseline/to-baseline';
export { toBaseline } from './baseline/to-baseline';
