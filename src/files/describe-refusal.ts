import { INDEX_FILE } from './tree-index';
import type { WriteResult } from './write-tree';

/**
 * Why a tree was not written, as one line: `nothing was written: dist holds files of somebody else …`.
 *
 * @param shown - the root as people see it
 */
export function describeRefusal(shown: string, result: Exclude<WriteResult, { kind: 'written' }>): string {
  switch (result.kind) {
    case 'foreign':
      return `nothing was written: ${shown} holds files of somebody else where ours must go: ${some(result.paths)}`;
    case 'bad-index':
      return result.paths.length === 1 && result.paths[0] === INDEX_FILE
        ? `nothing was written: ${shown}/${INDEX_FILE} is not the index that a synth writes; restore it, or remove ${shown}`
        : `nothing was written: ${shown}/${INDEX_FILE} lists paths outside the folder: ${some(result.paths)}`;
    case 'busy':
      return `nothing was written: another hostdev (${result.writer}) is writing ${shown}`;
    case 'failed':
      return `${result.cutOff ? 'the write was cut off' : 'nothing was written'}: ${result.path}: ${result.reason}`;
  }
}

function some(paths: readonly string[]): string {
  const shown = paths
    .slice(0, 3)
    .map((path) => JSON.stringify(path))
    .join(', ');
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
