import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareTree, interruptedWrite, writeTree } from '../../../src/files';
import { bigTree } from './big-tree';

const TREES = [bigTree('even'), bigTree('odd')] as const;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostdev-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Starts a writer, kills it this long after its first sign of life, and waits until it is gone. */
async function runAndKill(root: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', join(__dirname, 'writer-process.ts'), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<string | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds));
  expect(await ended).toBe('SIGKILL');
}

function textsBelow(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')] as const).sort(),
  );
}

it('a writer killed by the system leaves a tree that is whole or reported, and that the next write completes', async () => {
  const root = join(folder, 'dist');
  writeTree(root, TREES[0]);
  writeFileSync(join(root, 'README.md'), 'mine');
  for (const milliseconds of [2, 9, 23, 48]) {
    await runAndKill(root, milliseconds);

    const interrupted = interruptedWrite(root);
    expect(interrupted?.running ?? false).toBe(false);
    const whole = TREES.filter((tree) => compareTree(root, tree).same);
    expect(whole).toHaveLength(interrupted === undefined ? 1 : 0);

    for (const tree of TREES) {
      expect(writeTree(root, tree)).toMatchObject({ kind: 'written', edited: [] });
      expect(interruptedWrite(root)).toBeUndefined();
      expect(textsBelow(root)).toEqual(Object.fromEntries([...tree, ['README.md', 'mine'] as const].sort()));
    }
  }
}, 30_000);
