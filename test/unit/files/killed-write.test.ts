import { compareTree, interruptedWrite, writeTree } from '../../../src/files';
import { MemoryDisk, outputOf, SHORT_LIVED, treeOf, untilKilled } from './memory-disk';

const BEFORE = outputOf({ 'kubevirt/a.yaml': 'old a', 'vms/default/b.yaml': 'b', 'vms/gone/c.yaml': 'c', x: 'file' });
const AFTER = outputOf({
  'kubevirt/a.yaml': 'new a',
  'vms/default/b.yaml': 'b',
  'vms/new/d.yaml': 'd',
  'vms/new/deep/e.yaml': 'e',
  'vms/new/f.yaml': 'f',
  'x/y': 'folder',
});
const THIRD = outputOf({ 'kubevirt/a.yaml': 'third', 'vms/default/e.yaml': 'e' });
const FOREIGN = { 'dist/README.md': 'mine', 'dist/vms/gone/own.yaml': 'mine too' };

function before(): MemoryDisk {
  const disk = new MemoryDisk();
  writeTree('dist', BEFORE, { disk, writer: SHORT_LIVED });
  for (const [path, text] of Object.entries(FOREIGN)) disk.files.set(path, text);
  return disk;
}

function stepsOf(start: MemoryDisk): number {
  const disk = new MemoryDisk(start);
  writeTree('dist', AFTER, { disk, writer: SHORT_LIVED });
  return disk.changeCount;
}

/** The tree without the files that are not ours. */
function ours(disk: MemoryDisk): Record<string, string> {
  const files = Object.entries(treeOf(disk, 'dist')).filter(([path]) => !Object.hasOwn(FOREIGN, `dist/${path}`));
  return Object.fromEntries(files);
}

function sorted(files: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...files].sort());
}

const START = before();
const KILLS = Array.from({ length: stepsOf(START) }, (_, i) => [i + 1, false] as const).flatMap(([step]) => [
  [step, 'not at all', false] as const,
  [step, 'by half', true] as const,
]);

describe.each(KILLS)('a write killed at operation %i, which happens %s', (step, _, half) => {
  function killed(): MemoryDisk {
    const dying = new MemoryDisk(START, step, half);
    untilKilled(() => writeTree('dist', AFTER, { disk: dying, writer: SHORT_LIVED }));
    return new MemoryDisk(dying);
  }

  it('leaves the old tree, the new tree, or a mixed one that is reported', () => {
    const disk = killed();
    const interrupted = interruptedWrite('dist', { disk, writer: SHORT_LIVED });

    if (interrupted?.mixed !== true) {
      const tree = JSON.stringify(ours(disk));
      expect([JSON.stringify(sorted(BEFORE)), JSON.stringify(sorted(AFTER))]).toContain(tree);
    }
    expect(interrupted?.running ?? false).toBe(false);
  });

  it('is never found to be the same, except where it is', () => {
    const disk = killed();

    for (const files of [BEFORE, AFTER, THIRD]) {
      const { same } = compareTree('dist', files, { disk, writer: SHORT_LIVED });
      const isWhole = JSON.stringify(ours(disk)) === JSON.stringify(sorted(files));
      const hasTraces = [...disk.files.keys(), ...disk.folders].some((path) => path.startsWith('dist/.hostdev-'));
      expect(same).toBe(isWhole && !hasTraces);
    }
  });

  it('has all of a new folder, or nothing of it', () => {
    const there = Object.keys(ours(killed())).filter((path) => path.startsWith('vms/new/'));

    expect([0, 3]).toContain(there.length);
  });

  it('keeps what others wrote', () => {
    expect(Object.fromEntries(killed().files)).toMatchObject(FOREIGN);
  });

  it.each([
    ['the same files', AFTER],
    ['the old files', BEFORE],
    ['other files', THIRD],
  ])('is completed by the next write, of %s', (__, files) => {
    const disk = killed();

    expect(writeTree('dist', files, { disk, writer: SHORT_LIVED })).toMatchObject({ kind: 'written', edited: [] });

    expect(ours(disk)).toEqual(sorted(files));
    expect(compareTree('dist', files, { disk, writer: SHORT_LIVED }).same).toBe(true);
    expect(Object.fromEntries(disk.files)).toMatchObject(FOREIGN);
    expect([...disk.folders].filter((folder) => disk.list(folder)?.size === 0)).toEqual([]);
  });
});

it('a write killed at any operation is completed by a third write, after the second was killed at any operation', () => {
  const steps = stepsOf(START);
  for (let first = 1; first <= steps; first++) {
    const dying = new MemoryDisk(START, first);
    untilKilled(() => writeTree('dist', AFTER, { disk: dying, writer: SHORT_LIVED }));
    for (let second = 1; second <= 40; second++) {
      const again = new MemoryDisk(dying, second);
      untilKilled(() => writeTree('dist', AFTER, { disk: again, writer: SHORT_LIVED }));
      const disk = new MemoryDisk(again);

      expect(writeTree('dist', THIRD, { disk, writer: SHORT_LIVED })).toMatchObject({ kind: 'written', edited: [] });
      expect(ours(disk)).toEqual(sorted(THIRD));
    }
  }
});
