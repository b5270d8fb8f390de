import { outputOf } from './memory-disk';

/** A tree of a few hundred files; the two kinds share some files, differ in some, and each has some of its own. */
export function bigTree(kind: 'even' | 'odd'): Map<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < 300; i++) {
    files[`virtual-machines/ns-${i % 7}/vm-${i}.yaml`] = `---\nname: vm-${i}\n${i % 3 === 0 ? kind : 'shared'}\n`;
    if (i % 5 === 0) files[`${kind}/own-${i}.yaml`] = `---\nname: ${kind}-${i}\n`;
  }
  return outputOf(files);
}
