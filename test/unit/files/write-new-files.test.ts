import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNewFiles } from '../../../src/files';
import { nodeDisk } from '../../../src/files/disk';
import { DiskError } from '../../../src/files/disk-error';
import { readTree } from '../../support/hostdev';
import { temporaryFolder } from '../../support/lab';

const FILES = new Map([
  ['a.txt', 'a\n'],
  ['src/deep/b.txt', 'b\n'],
  ['src/c.txt', 'c\n'],
]);

test('writes into a folder that is not there, and into one that holds other things', () => {
  const root = join(temporaryFolder(), 'new', 'folder');
  expect(writeNewFiles(root, FILES)).toEqual({ kind: 'written' });
  expect(readTree(root)).toEqual(Object.fromEntries(FILES));

  const used = temporaryFolder();
  mkdirSync(join(used, 'src'));
  writeFileSync(join(used, 'src', 'mine.txt'), 'mine');
  expect(writeNewFiles(used, FILES)).toEqual({ kind: 'written' });
  expect(readTree(used)).toEqual({ ...Object.fromEntries(FILES), 'src/mine.txt': 'mine' });
});

test.each([
  ['a file', (root: string) => writeFileSync(join(root, 'a.txt'), 'mine'), ['a.txt']],
  ['a folder of that name', (root: string) => mkdirSync(join(root, 'a.txt')), ['a.txt']],
  ['a link that leads nowhere', (root: string) => symlinkSync('/nowhere', join(root, 'a.txt')), ['a.txt']],
  ['a file where a folder is needed', (root: string) => writeFileSync(join(root, 'src'), 'mine'), ['src']],
  ['a link where a folder is needed', (root: string) => symlinkSync(temporaryFolder(), join(root, 'src')), ['src']],
])('%s in the way: nothing is written', (_case, prepare, paths) => {
  const root = temporaryFolder();
  prepare(root);
  const before = [...(nodeDisk.list(root)?.keys() ?? [])];
  expect(writeNewFiles(root, FILES)).toEqual({ kind: 'exists', paths });
  expect([...(nodeDisk.list(root)?.keys() ?? [])]).toEqual(before);
});

test('what somebody else makes meanwhile stays theirs, and what was written goes', () => {
  const root = temporaryFolder();
  const disk = {
    ...nodeDisk,
    create: (path: string, text: string) => {
      if (path.endsWith('src/c.txt')) writeFileSync(path, 'theirs');
      return nodeDisk.create(path, text);
    },
  };
  expect(writeNewFiles(root, FILES, { disk })).toEqual({ kind: 'exists', paths: ['src/c.txt'] });
  expect(readTree(root)).toEqual({ 'src/c.txt': 'theirs' });
});

test('a full disk leaves nothing behind, not even folders', () => {
  const parent = temporaryFolder();
  const root = join(parent, 'new');
  const disk = {
    ...nodeDisk,
    create: (path: string, text: string) => {
      const made = nodeDisk.create(path, text);
      if (path.endsWith('src/c.txt')) throw new DiskError(path, 'ENOSPC');
      return made;
    },
  };
  expect(writeNewFiles(root, FILES, { disk })).toEqual({
    kind: 'failed',
    path: `${root}/src/c.txt`,
    reason: 'no space left on the device',
  });
  expect(nodeDisk.list(parent)?.size).toBe(0);
});

test('a root that is a file is refused in words', () => {
  const root = join(temporaryFolder(), 'file');
  writeFileSync(root, 'mine');
  expect(writeNewFiles(root, FILES)).toMatchObject({ kind: 'failed' });
  expect(readFileSync(root, 'utf8')).toBe('mine');
});
