import { compareTree, interruptedWrite, writeTree } from '../../../src/files';
import { DiskError } from '../../../src/files/disk-error';
import { WORK_FILES } from '../../../src/files/journal';
import { MemoryDisk, outputOf, SHORT_LIVED, treeOf } from './memory-disk';

const BEFORE = outputOf({ 'kubevirt/a.yaml': 'a', 'vms/default/b.yaml': 'b', 'vms/default/c.yaml': 'c' });
const AFTER = outputOf({ 'kubevirt/a.yaml': 'a', 'vms/default/c.yaml': 'C', 'gitops/d.yaml': 'd' });

function world(): { disk: MemoryDisk; options: { disk: MemoryDisk; writer: typeof SHORT_LIVED } } {
  const disk = new MemoryDisk();
  return { disk, options: { disk, writer: SHORT_LIVED } };
}

function written(files: ReadonlyMap<string, string>): ReturnType<typeof world> {
  const made = world();
  expect(writeTree('dist', files, made.options).kind).toBe('written');
  return made;
}

describe('writeTree', () => {
  it('makes a tree that did not exist, and leaves nothing else behind', () => {
    const { disk, options } = world();

    const result = writeTree('dist', BEFORE, options);

    expect(result).toEqual({
      kind: 'written',
      written: ['fleet.json', 'kubevirt/a.yaml', 'vms/default/b.yaml', 'vms/default/c.yaml'],
      removed: [],
      edited: [],
      unchangedCount: 0,
      completed: false,
    });
    expect(Object.fromEntries(disk.files)).toEqual(
      Object.fromEntries([...BEFORE].map(([path, text]) => [`dist/${path}`, text])),
    );
  });

  it('writes only what differs and removes what the last synth wrote and this one does not', () => {
    const { disk, options } = written(BEFORE);

    const result = writeTree('dist', AFTER, options);

    expect(result).toMatchObject({
      written: ['fleet.json', 'gitops/d.yaml', 'vms/default/c.yaml'],
      removed: ['vms/default/b.yaml'],
      unchangedCount: 1,
    });
    expect(treeOf(disk, 'dist')).toEqual(Object.fromEntries([...AFTER].sort()));
  });

  it('writes nothing but the lock when nothing differs', () => {
    const { disk, options } = written(BEFORE);
    disk.changeCount = 0;

    expect(writeTree('dist', BEFORE, options)).toMatchObject({ written: [], removed: [], unchangedCount: 4 });
    // the root, the lock, and the lock again
    expect(disk.changeCount).toBe(3);
  });

  it('removes folders that it leaves empty, and keeps those that hold something else', () => {
    const { disk, options } = written(outputOf({ 'one/deep/a.yaml': 'a', 'two/deep/b.yaml': 'b' }));
    disk.files.set('dist/two/notes.txt', 'mine');

    writeTree('dist', outputOf({ 'c.yaml': 'c' }), options);

    expect([...disk.folders].sort()).toEqual(['dist', 'dist/two']);
    expect(disk.files.get('dist/two/notes.txt')).toBe('mine');
  });

  it('never touches a file that it did not write', () => {
    const { disk, options } = written(BEFORE);
    disk.files.set('dist/README.md', 'mine');
    disk.files.set('dist/vms/default/own.yaml', 'mine too');

    writeTree('dist', outputOf({}), options);

    expect(treeOf(disk, 'dist')).toEqual({
      'README.md': 'mine',
      'fleet.json': '{"files":{}}',
      'vms/default/own.yaml': 'mine too',
    });
  });

  it('refuses before the first change when a foreign file is in the way, and names it', () => {
    const { disk, options } = written(BEFORE);
    disk.folders.add('dist/gitops');
    disk.files.set('dist/gitops/d.yaml', 'mine');
    const files = new Map(disk.files);

    expect(writeTree('dist', AFTER, options)).toEqual({ kind: 'foreign', paths: ['gitops/d.yaml'] });
    expect(disk.files).toEqual(files);
  });

  it('takes over a foreign file with the same bytes', () => {
    const { disk, options } = world();
    disk.folders.add('dist');
    disk.files.set('dist/a.yaml', 'a');

    expect(writeTree('dist', outputOf({ 'a.yaml': 'a' }), options)).toMatchObject({ written: ['fleet.json'] });
    writeTree('dist', outputOf({}), options);
    expect(disk.files.has('dist/a.yaml')).toBe(false);
  });

  it('replaces and removes files of its own that were edited by hand, and says which', () => {
    const { disk, options } = written(BEFORE);
    disk.files.set('dist/vms/default/b.yaml', 'edited');
    disk.files.set('dist/vms/default/c.yaml', 'edited');

    expect(writeTree('dist', AFTER, options)).toMatchObject({ edited: ['vms/default/b.yaml', 'vms/default/c.yaml'] });
    expect(treeOf(disk, 'dist')).toEqual(Object.fromEntries([...AFTER].sort()));
  });

  it('puts a folder where a file was, and a file where a folder was', () => {
    const { disk, options } = written(outputOf({ a: '1', 'b/c': '2' }));

    expect(writeTree('dist', outputOf({ 'a/d': '3', b: '4' }), options).kind).toBe('written');
    expect(treeOf(disk, 'dist')).toMatchObject({ 'a/d': '3', b: '4' });
  });

  it('refuses to put a file where a folder holds something foreign', () => {
    const { disk, options } = written(outputOf({ 'b/c': '2' }));
    disk.files.set('dist/b/own', 'mine');

    expect(writeTree('dist', outputOf({ b: '4' }), options)).toEqual({ kind: 'foreign', paths: ['b'] });
  });

  it('refuses to make a folder where a foreign file is', () => {
    const { disk, options } = written(outputOf({}));
    disk.files.set('dist/vms', 'mine');

    expect(writeTree('dist', BEFORE, options)).toEqual({ kind: 'foreign', paths: ['vms'] });
  });

  it.each([
    '/etc/passwd',
    '../outside',
    'a/../../outside',
    'a//b',
    './a',
    'C:/x',
    'a\\b',
    '',
    '__proto__/../..',
    '.hostdev-lock',
  ])('refuses an index that claims %j', (path) => {
    const { disk, options } = written(BEFORE);
    disk.files.set('dist/fleet.json', `{"files":{${JSON.stringify(path)}:{"sha256":"00"}}}`);
    const files = new Map(disk.files);

    expect(writeTree('dist', AFTER, options)).toEqual({ kind: 'bad-index', paths: [path] });
    expect(disk.files).toEqual(files);
  });

  it.each(['', 'null', '[]', '{}', '{"files":[]}', '<<<<<<< ours', '{"files":null}'])(
    'refuses an index that reads %j',
    (text) => {
      const { disk, options } = written(BEFORE);
      disk.files.set('dist/fleet.json', text);

      expect(writeTree('dist', AFTER, options)).toEqual({ kind: 'bad-index', paths: ['fleet.json'] });
    },
  );

  it('takes an index whose entries are no objects for claims without hashes', () => {
    const { disk, options } = written(BEFORE);
    disk.files.set('dist/fleet.json', '{"files":{"vms/default/b.yaml":null,"__proto__":7}}');
    disk.files.delete('dist/vms/default/c.yaml');

    expect(writeTree('dist', AFTER, options)).toMatchObject({ removed: ['vms/default/b.yaml'], edited: [] });
  });

  it.each([
    ['leaves the root', new Map([...BEFORE, ['../x', 'x']])],
    ['is reserved', outputOf({ '.hostdev-journal': 'x' })],
    ['is a file and a folder', outputOf({ a: '1', 'a/b': '2' })],
    ['is not in the index', new Map([...BEFORE, ['more.yaml', 'x']])],
    ['is only in the index', new Map([...BEFORE].filter(([path]) => path !== 'kubevirt/a.yaml'))],
    ['has another hash in the index', new Map([...BEFORE, ['kubevirt/a.yaml', 'other']])],
    ['lacks an index', new Map([['a.yaml', 'a']])],
  ])('takes it for a bug of ours when a path %s', (_, files) => {
    const { disk, options } = world();

    expect(() => writeTree('dist', files, options)).toThrow(/output/);
    expect(disk.changeCount).toBe(0);
  });

  it('refuses while another process writes, and takes the lock of a dead one', () => {
    const { disk } = written(BEFORE);
    disk.files.set('dist/.hostdev-lock', '12 other/1');
    const alive = { name: '4711 boot/1', isAlive: (name: string) => name === '12 other/1' };

    expect(writeTree('dist', AFTER, { disk, writer: alive })).toEqual({ kind: 'busy', writer: '12 other/1' });
    expect(interruptedWrite('dist', { disk, writer: alive })).toMatchObject({ mixed: false, running: true });
    expect(writeTree('dist', AFTER, { disk, writer: SHORT_LIVED }).kind).toBe('written');
    expect(disk.files.has('dist/.hostdev-lock')).toBe(false);
  });

  it('gives the lock back when a third process took over first', () => {
    const { disk } = written(BEFORE);
    disk.files.set('dist/.hostdev-lock', 'dead');
    const writer = {
      name: '4711 boot/1',
      isAlive: (name: string) => {
        // the other process takes over between our look at the lock and our move
        if (name === 'dead') disk.files.set('dist/.hostdev-lock', 'other');
        return name === 'other';
      },
    };

    expect(writeTree('dist', AFTER, { disk, writer })).toEqual({ kind: 'busy', writer: 'other' });
    expect(disk.files.get('dist/.hostdev-lock')).toBe('other');
  });

  it('stops before the first change when the lock went to somebody else while it staged', () => {
    const { disk, options } = written(BEFORE);
    const thief: MemoryDisk = Object.assign(Object.create(disk) as MemoryDisk, {
      makeFolder: (path: string) => {
        if (path.endsWith(WORK_FILES.stage)) disk.files.set('dist/.hostdev-lock', 'thief');
        disk.makeFolder(path);
      },
    });

    expect(writeTree('dist', AFTER, { ...options, disk: thief }).kind).toBe('busy');
    expect(treeOf(disk, 'dist')).toEqual(Object.fromEntries([...BEFORE].sort()));
    expect(disk.files.get('dist/.hostdev-lock')).toBe('thief');
  });

  it('leaves the old tree when the disk is full', () => {
    const { disk, options } = written(BEFORE);
    const full: MemoryDisk = Object.assign(Object.create(disk) as MemoryDisk, {
      write: (path: string) => {
        throw new DiskError(path, 'ENOSPC');
      },
    });
    const files = new Map(disk.files);

    expect(writeTree('dist', AFTER, { ...options, disk: full })).toEqual({
      kind: 'failed',
      path: 'dist/.hostdev-stage/0',
      reason: 'no space left on the device',
      cutOff: false,
    });
    expect(disk.files).toEqual(files);
    expect(interruptedWrite('dist', options)).toBeUndefined();
  });

  it('says that it was cut off when the disk refuses in the middle, and completes it next time', () => {
    const { disk, options } = written(BEFORE);
    const broken: MemoryDisk = Object.assign(Object.create(disk) as MemoryDisk, {
      rename: (from: string, to: string) => {
        if (to === 'dist/vms/default/c.yaml') throw new DiskError(to, 'EIO');
        return disk.rename(from, to);
      },
    });

    expect(writeTree('dist', AFTER, { ...options, disk: broken })).toMatchObject({ kind: 'failed', cutOff: true });
    expect(interruptedWrite('dist', options)).toEqual({ root: 'dist', mixed: true, fileCount: 4, running: false });
    expect(compareTree('dist', AFTER, options)).toMatchObject({
      same: false,
      different: ['fleet.json', 'vms/default/c.yaml'],
    });
    expect(writeTree('dist', AFTER, options)).toMatchObject({ completed: true, edited: [] });
    expect(interruptedWrite('dist', options)).toBeUndefined();
  });

  it('completes a write whose journal cannot be read', () => {
    const { disk, options } = written(BEFORE);
    disk.files.set('dist/.hostdev-journal', '{"files"');

    expect(interruptedWrite('dist', options)).toMatchObject({ mixed: true, fileCount: 0 });
    expect(writeTree('dist', AFTER, options)).toMatchObject({ completed: true });
    expect(treeOf(disk, 'dist')).toEqual(Object.fromEntries([...AFTER].sort()));
  });
});

describe('compareTree', () => {
  it('finds a tree that holds what would be written the same', () => {
    const { options } = written(BEFORE);

    expect(compareTree('dist', BEFORE, options)).toEqual({
      same: true,
      missing: [],
      different: [],
      extra: [],
      interrupted: undefined,
    });
  });

  it('names what is missing, different and no longer written', () => {
    const { disk, options } = written(BEFORE);
    disk.files.set('dist/own.txt', 'mine');

    expect(compareTree('dist', AFTER, options)).toMatchObject({
      same: false,
      missing: ['gitops/d.yaml'],
      different: ['fleet.json', 'vms/default/c.yaml'],
      extra: ['vms/default/b.yaml'],
    });
  });

  it('finds everything missing where there is no folder', () => {
    expect(compareTree('dist', BEFORE, world().options)).toMatchObject({
      same: false,
      missing: [...BEFORE.keys()].sort(),
    });
  });

  it.each(['.hostdev-journal', '.hostdev-lock', '.hostdev-stage', '.hostdev-lock-12'])(
    'never finds a tree with %s the same',
    (name) => {
      const { disk, options } = written(BEFORE);
      disk.files.set(`dist/${name}`, '');

      expect(compareTree('dist', BEFORE, options).same).toBe(false);
      writeTree('dist', BEFORE, options);
      expect(compareTree('dist', BEFORE, options).same).toBe(true);
    },
  );
});
