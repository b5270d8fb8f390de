export { analyse } from './analyse';
export type * from './analysis';
export { selectorIds } from './bindings';
export { liveKubeVirt, liveNodeLabels } from './current-cluster';
export type { BindingRow, Effects, KernelArgumentEffect, RowScope } from './effects';
