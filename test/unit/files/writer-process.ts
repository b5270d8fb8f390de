/* Run by sigkill.test.ts in a process of its own: writes two trees in turn until it is killed. */
import { writeTree } from '../../../src/files';
import { bigTree } from './big-tree';

const root = process.argv[2] ?? '';
process.stdout.write('begun\n');
for (let turn = 0; ; turn++) {
  const result = writeTree(root, bigTree(turn % 2 === 0 ? 'even' : 'odd'));
  if (result.kind !== 'written') throw new Error(JSON.stringify(result));
}
