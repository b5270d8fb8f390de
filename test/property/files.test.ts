import fc from 'fast-check';
import { compareTree, interruptedWrite, writeTree } from '../../src/files';
import { MemoryDisk, outputOf, SHORT_LIVED, treeOf, untilKilled } from '../unit/files/memory-disk';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

// few names, so that trees meet: files in the place of folders, shared files, foreign files in the way
const part = fc.constantFrom('a', 'b', 'c', 'a-b');
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const texts = fc.dictionary(path, fc.constantFrom('', '1', '2', 'ä'), { maxKeys: 6 });

/** A tree of these files, less those that are above others. */
function treeFrom(files: Readonly<Record<string, string>>): Record<string, string> {
  const paths = Object.keys(files);
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`))),
  );
}

const tree = texts.map(treeFrom);

function withForeign(disk: MemoryDisk, files: Readonly<Record<string, string>>): Record<string, string> {
  const added: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    try {
      const target = `dist/${name}`;
      if (disk.files.has(target)) continue;
      disk.makeFolder(target.slice(0, target.lastIndexOf('/')));
      disk.write(target, text);
      added[name] = text;
    } catch {
      // a file of ours is above it, or a folder of ours in its place
    }
  }
  return added;
}

const sorted = (files: Iterable<readonly [string, string]>): string => JSON.stringify([...files].sort());

it('a write, killed anywhere or not at all, ends as the old tree, the new one, a reported mix, or a refusal', () => {
  fc.assert(
    fc.property(tree, tree, tree, texts, fc.nat(40), fc.boolean(), (before, after, next, foreign, killAt, half) => {
      const start = new MemoryDisk();
      expect(writeTree('dist', outputOf(before), { disk: start, writer: SHORT_LIVED }).kind).toBe('written');
      const theirs = withForeign(start, foreign);
      const foreignStays = (disk: MemoryDisk): void => {
        const found = treeOf(disk, 'dist');
        // a foreign file that equals what was to be written became ours, and may have gone since
        for (const [name, text] of Object.entries(theirs)) {
          if (after[name] !== text && next[name] !== text) expect(found[name]).toBe(text);
        }
      };

      const dying = new MemoryDisk(start, killAt === 0 ? Infinity : killAt, half);
      untilKilled(() => writeTree('dist', outputOf(after), { disk: dying, writer: SHORT_LIVED }));
      const disk = new MemoryDisk(dying);
      const options = { disk, writer: SHORT_LIVED };
      foreignStays(disk);

      const ours = (expected: Readonly<Record<string, string>>): string => {
        return sorted(new Map([...Object.entries(theirs), ...outputOf(expected)]));
      };
      const state = sorted(Object.entries(treeOf(disk, 'dist')));
      if (interruptedWrite('dist', options)?.mixed !== true) expect([ours(before), ours(after)]).toContain(state);
      for (const files of [before, after]) {
        if (compareTree('dist', outputOf(files), options).same) expect(state).toBe(ours(files));
      }

      const frozen = sorted(disk.files);
      const result = writeTree('dist', outputOf(next), options);
      foreignStays(disk);
      if (result.kind === 'written') {
        expect(compareTree('dist', outputOf(next), options).same).toBe(true);
        expect([...disk.files.keys()].filter((name) => name.startsWith('dist/.hostdev-'))).toEqual([]);
      } else {
        expect(result.kind).toBe('foreign');
        const isTrace = ([name]: readonly [string, string]): boolean => /hostdev-(lock|stage)/.test(name);
        const kept = (files: readonly (readonly [string, string])[]): string =>
          sorted(files.filter((file) => !isTrace(file)));
        expect(kept([...disk.files])).toBe(kept(JSON.parse(frozen) as [string, string][]));
      }
    }),
    RUNS,
  );
});

it('an index or a journal of any content never makes a write leave the root or crash', () => {
  const claim = fc.oneof(path, fc.string(), fc.constantFrom('../x', '/x', 'a/../../x', '__proto__', 'fleet.json'));
  const made = fc.dictionary(claim, fc.anything()).map((files) => JSON.stringify({ files }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), made), fc.oneof(fc.string(), made), tree, (index, journal, files) => {
      const disk = new MemoryDisk();
      disk.makeFolder('dist');
      disk.files.set('x', 'outside');
      disk.files.set('dist/fleet.json', index);
      disk.files.set('dist/.hostdev-journal', journal);

      const result = writeTree('dist', outputOf(files), { disk, writer: SHORT_LIVED });

      expect(disk.files.get('x')).toBe('outside');
      expect([...disk.files.keys()].filter((name) => !name.startsWith('dist/'))).toEqual(['x']);
      expect(['written', 'bad-index', 'foreign']).toContain(result.kind);
    }),
    RUNS,
  );
});
