import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compareTree,
  describeRefusal,
  diskAccess,
  DiskError,
  displayPath,
  interruptedWrite,
  writeTextFile,
  writeTree,
} from '../../../src/files';
import { nodeDisk } from '../../../src/files/disk';
import { thisProcess } from '../../../src/files/writer';
import { outputOf } from './memory-disk';

let folder = '';
let root = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostdev-'));
  root = join(folder, 'dist');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('writeTree on a real disk', () => {
  it('writes, rewrites only what differs, and leaves nothing else', () => {
    writeTree(root, outputOf({ 'kubevirt/a.yaml': 'ä 😀\n', 'vms/b.yaml': 'b' }));
    const untouched = statSync(join(root, 'kubevirt/a.yaml')).ino;

    const result = writeTree(root, outputOf({ 'kubevirt/a.yaml': 'ä 😀\n', 'deep/er/c.yaml': '' }));

    expect(result).toMatchObject({ kind: 'written', removed: ['vms/b.yaml'], unchangedCount: 1 });
    expect(statSync(join(root, 'kubevirt/a.yaml')).ino).toBe(untouched);
    expect([...(nodeDisk.list(root)?.keys() ?? [])].sort()).toEqual(['deep', 'fleet.json', 'kubevirt']);
    expect(readFileSync(join(root, 'deep/er/c.yaml'), 'utf8')).toBe('');
  });

  it('follows a root that is a symbolic link', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), root);

    expect(writeTree(root, outputOf({ 'a/b.yaml': 'b' })).kind).toBe('written');
    expect(readFileSync(join(folder, 'real/a/b.yaml'), 'utf8')).toBe('b');
    expect(lstatSync(root).isSymbolicLink()).toBe(true);
  });

  it('never writes or removes through a symbolic link below the root', () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'b.yaml'), 'theirs');
    writeTree(root, outputOf({ 'a/b.yaml': 'ours' }));
    rmSync(join(root, 'a'), { recursive: true });
    symlinkSync(outside, join(root, 'a'));

    expect(writeTree(root, outputOf({ 'a/b.yaml': 'new' }))).toEqual({ kind: 'foreign', paths: ['a'] });
    expect(compareTree(root, outputOf({ 'a/b.yaml': 'theirs' })).different).toContain('a/b.yaml');
    expect(writeTree(root, outputOf({}))).toMatchObject({ kind: 'written', removed: [] });
    expect(readFileSync(join(outside, 'b.yaml'), 'utf8')).toBe('theirs');
  });

  it('replaces a symbolic link that took the place of its own file, and leaves what it points to', () => {
    writeFileSync(join(folder, 'theirs'), 'theirs');
    writeTree(root, outputOf({ 'a.yaml': 'ours' }));
    rmSync(join(root, 'a.yaml'));
    symlinkSync(join(folder, 'theirs'), join(root, 'a.yaml'));

    expect(writeTree(root, outputOf({ 'a.yaml': 'theirs' }))).toMatchObject({ edited: ['a.yaml'] });
    expect(lstatSync(join(root, 'a.yaml')).isFile()).toBe(true);
    expect(readFileSync(join(folder, 'theirs'), 'utf8')).toBe('theirs');
  });

  it('clears a staging folder that is a symbolic link without looking behind it', () => {
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/0'), 'theirs');
    mkdirSync(root);
    symlinkSync(join(folder, 'outside'), join(root, '.hostdev-stage'));

    expect(writeTree(root, outputOf({ 'a.yaml': 'a' })).kind).toBe('written');
    expect(readFileSync(join(folder, 'outside/0'), 'utf8')).toBe('theirs');
    expect(existsSync(join(root, '.hostdev-stage'))).toBe(false);
  });

  it('says what the disk refused', () => {
    writeFileSync(root, 'a file');

    expect(writeTree(root, outputOf({}))).toEqual({
      kind: 'failed',
      path: root,
      reason: 'it exists already',
      cutOff: false,
    });
    expect(() => compareTree(join(folder, 'x\0y'), outputOf({}))).toThrow();
    expect(() => nodeDisk.write(join(folder, 'none/here'), '')).toThrow(DiskError);
  });

  it('gives up on a lock that is there and cannot be read', () => {
    mkdirSync(root);
    symlinkSync(join(folder, 'nowhere'), join(root, '.hostdev-lock'));

    expect(writeTree(root, outputOf({}))).toEqual({ kind: 'busy', writer: 'unknown' });
  });

  it('takes a lock without a name for one whose holder was killed', () => {
    mkdirSync(root);
    writeFileSync(join(root, '.hostdev-lock'), '');

    expect(interruptedWrite(root)).toEqual({ root, mixed: false, fileCount: 0, running: false });
    expect(writeTree(root, outputOf({})).kind).toBe('written');
  });

  it('writes and compares thousands of files in seconds, not minutes', () => {
    const files = outputOf(
      Object.fromEntries(
        Array.from({ length: 3_000 }, (_, i) => [`virtual-machines/ns-${i % 50}/vm-${i}.yaml`, `vm ${i}`]),
      ),
    );
    const begun = performance.now();
    expect(writeTree(root, files)).toMatchObject({ kind: 'written' });
    expect(compareTree(root, files).same).toBe(true);
    expect(performance.now() - begun).toBeLessThan(20_000);
  }, 60_000);
});

describe('a writer', () => {
  it('is alive while its process is there', () => {
    const writer = thisProcess();

    expect(writer.isAlive(writer.name)).toBe(true);
    expect(writer.isAlive(`${process.ppid} unknown`)).toBe(true);
  });

  it('is dead when its process is gone, or never was one', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const { isAlive } = thisProcess();

    expect([`${pid} unknown`, '', '0', '-1', 'x', '1e3', '99999999999'].filter(isAlive)).toEqual([]);
  });

  it('is dead when another process has its id now', () => {
    const [pid, begun] = thisProcess().name.split(' ');
    // only where the system tells when a process began
    const isKnown = begun !== 'unknown';

    expect(thisProcess().isAlive(`${pid} 00000000-0000-0000-0000-000000000000/1`)).toBe(!isKnown);
  });
});

describe('diskAccess', () => {
  it('reads texts and lists folders in code unit order', () => {
    for (const name of ['b', 'a', 'B', 'ä', '10', '9']) writeFileSync(join(folder, name), name);

    expect(diskAccess().readText(join(folder, 'ä'))).toBe('ä');
    expect(diskAccess().listFolder(folder)).toEqual(['10', '9', 'B', 'a', 'b', 'ä']);
  });

  it('has no text of what is missing, a folder, a pipe, a device or too large', () => {
    const pipe = join(folder, 'pipe');
    const large = join(folder, 'large');
    spawnSync('mkfifo', [pipe]);
    writeFileSync(large, '');
    truncateSync(large, 65 * 1024 * 1024);

    for (const path of [join(folder, 'none'), folder, pipe, '/dev/zero', large, 'x\0y']) {
      expect(diskAccess().readText(path)).toBeUndefined();
    }
    expect(diskAccess().listFolder(join(folder, 'none'))).toBeUndefined();
    expect(diskAccess().listFolder(large)).toBeUndefined();
  });

  it('replaces bytes that are no UTF-8', () => {
    writeFileSync(join(folder, 'latin1'), Buffer.from([0x61, 0xe4, 0x62]));

    expect(diskAccess().readText(join(folder, 'latin1'))).toBe('a\ufffdb');
  });
});

describe('describeRefusal', () => {
  it.each([
    [
      { kind: 'foreign', paths: ['a', 'b', 'c', 'd'] },
      'dist holds files of somebody else where ours must go: "a", "b", "c" and 1 more',
    ],
    [
      { kind: 'bad-index', paths: ['fleet.json'] },
      'dist/fleet.json is not the index that a synth writes; restore it, or remove dist',
    ],
    [{ kind: 'bad-index', paths: ['../x'] }, 'dist/fleet.json lists paths outside the folder: "../x"'],
    [{ kind: 'busy', writer: '12 boot/1' }, 'another hostdev (12 boot/1) is writing dist'],
    [{ kind: 'failed', path: 'dist/a', reason: 'permission denied', cutOff: false }, 'dist/a: permission denied'],
  ] as const)('says in one line why %j was not written', (result, text) => {
    expect(describeRefusal('dist', result)).toBe(`nothing was written: ${text}`);
  });

  it('says when a write was cut off', () => {
    const result = { kind: 'failed', path: 'dist/a', reason: 'permission denied', cutOff: true } as const;

    expect(describeRefusal('dist', result)).toBe('the write was cut off: dist/a: permission denied');
  });
});

describe('displayPath', () => {
  it.each([
    ['/home/me/fleets/lab/fleet.yaml', '/home/me/fleets', 'lab/fleet.yaml'],
    ['lab/../lab/fleet.yaml', '/home/me/fleets', 'lab/fleet.yaml'],
    ['/home/me/common/devices.yaml', '/home/me/fleets', '../common/devices.yaml'],
    ['/home/me/fleets', '/home/me/fleets', '.'],
  ])('shows %s in %s as %s', (path, working, shown) => {
    expect(displayPath(path, working)).toBe(shown);
  });
});

describe('writeTextFile', () => {
  it('makes the folders above a file and leaves nothing beside it', () => {
    const path = join(folder, 'inventory/node03.yaml');
    writeTextFile(path, 'old');
    writeTextFile(path, 'new');

    expect(readFileSync(path, 'utf8')).toBe('new');
    expect([...(nodeDisk.list(join(folder, 'inventory'))?.keys() ?? [])]).toEqual(['node03.yaml']);
  });

  it('keeps a symbolic link and replaces the file behind it', () => {
    const path = join(folder, 'link');
    writeTextFile(join(folder, 'real/file'), 'old');
    symlinkSync(join(folder, 'real/file'), path);
    writeTextFile(path, 'new');

    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real/file'), 'utf8')).toBe('new');
  });

  it('writes to a device, and refuses a folder', () => {
    expect(() => writeTextFile('/dev/null', 'x')).not.toThrow();
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(() => writeTextFile(folder, 'x')).toThrow('it is a folder');
  });
});
