import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../src/cli/program';
import { diskAccess } from '../../../src/files';
import { COLLECTOR } from '../../../src/inventory';
import { fakeWorld, type FakeWorld } from '../../support/fake-world';
import { FakeMachine } from '../inventory/fake-machine';
import { tarOf } from '../inventory/tar-writer';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostdev-import-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const MACHINE = new FakeMachine().pci('0000:65:00.0', {
  class: '030200',
  id: '10de:1eb8',
  driver: 'nvidia',
  group: 27,
});
const ARCHIVE = tarOf(
  [...MACHINE.entries].map(([name, entry]) => {
    if ('link' in entry) return { name, type: '2', link: entry.link };
    return { name, text: 'text' in entry ? String(entry.text) : '' };
  }),
);
const LINE =
  '    - { address: "0000:65:00.0", class: "030200", id: "10de:1eb8", driver: nvidia, iommuGroup: 27, bridges: [] }\n';

/** Runs `hostdev import` in the folder of the test. */
function run(args: readonly string[], input: Uint8Array = new Uint8Array()): { status: number; world: FakeWorld } {
  const world = fakeWorld({}, { cwd: folder, files: diskAccess(), readInput: () => input });
  return { status: runProgram(['import', ...args], world), world };
}

function inventory(): string {
  return readFileSync(join(folder, 'inventory', 'node01.yaml'), 'utf8');
}

test('a folder, a link to one, an archive, and standard input make the same inventory', () => {
  MACHINE.write(join(folder, 'capture'));
  symlinkSync('capture', join(folder, 'link'));
  writeFileSync(join(folder, 'node01.tar'), ARCHIVE);

  for (const source of ['capture', 'link', 'node01.tar', '-']) {
    const { status, world } = run([source, '--node', 'node01'], ARCHIVE);
    expect([status, world.err()]).toEqual([0, '']);
    expect(world.out()).toBe(`no findings\ninventory/node01.yaml: ${source === 'capture' ? 'written' : 'unchanged'}\n`);
    expect(inventory()).toContain(LINE);
  }
});

test('text from lspci is read as before, from a file and from standard input', () => {
  const text = '65:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)\n';
  writeFileSync(join(folder, 'node01.lspci'), text);

  expect(run(['node01.lspci', '--node', 'node01']).status).toBe(0);
  const fromFile = inventory();
  expect(run(['-', '--node', 'node01'], Buffer.from(text)).world.out()).toContain('unchanged');
  expect(fromFile).toContain('name: "NVIDIA Corporation TU104GL [Tesla T4]"');
});

test.each(['utf-16le', 'utf-16be'] as const)('text that a Windows shell wrote is read: %s', (encoding) => {
  const text = '\uFEFF65:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)\r\n';
  const bytes = Buffer.from(text, 'utf16le');
  const { status } = run(['-', '--node', 'node01'], encoding === 'utf-16le' ? bytes : bytes.swap16());

  expect(status).toBe(0);
  expect(inventory()).toContain('name: "NVIDIA Corporation TU104GL [Tesla T4]"');
});

test('what a capture does not show stays as lspci text showed it', () => {
  const text = '65:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)\n';
  writeFileSync(join(folder, 'node01.tar'), ARCHIVE);
  run(['-', '--node', 'node01'], Buffer.from(text));
  run(['node01.tar', '--node', 'node01']);

  expect(inventory()).toContain('name: "NVIDIA Corporation TU104GL [Tesla T4]", driver: nvidia, iommuGroup: 27');
});

test('an archive that cannot be read is an error, and nothing is written', () => {
  writeFileSync(join(folder, 'cut.tar'), ARCHIVE.subarray(0, 1024));
  const { status, world } = run(['cut.tar', '--node', 'node01']);

  expect(status).toBe(1);
  expect(world.out()).toContain('error[INV111]: the capture cannot be read');
  expect(world.out()).toContain('cut.tar: the archive is cut off');
  expect(world.err()).toBe('hostdev: nothing was written\n');
  expect(inventory).toThrow();
});

test('--collector prints the program, and takes nothing besides', () => {
  const { status, world } = run(['--collector']);
  expect([status, world.err()]).toEqual([0, '']);
  expect(world.out()).toBe(COLLECTOR);

  for (const more of [['capture'], ['--node', 'node01']]) {
    const refused = run(['--collector', ...more]);
    expect([refused.status, refused.world.out()]).toEqual([2, '']);
    expect(refused.world.err()).toContain('--collector');
  }
});

test('without a source or a node nothing is imported', () => {
  expect(run(['--node', 'node01'])).toMatchObject({ status: 2 });
  const { status, world } = run(['capture']);
  expect([status, world.err()]).toEqual([2, "hostdev: required option '--node <name>' not specified\n"]);
  expect(run(['missing', '--node', 'node01']).world.err()).toBe('hostdev: cannot read missing\n');
});

describe('--hardware', () => {
  const second = tarOf(
    [
      ...new FakeMachine()
        .pci('0000:65:00.0', { class: '030200', id: '10de:1eb8', driver: 'vfio-pci', group: 27 })
        .pci('0000:66:00.0', { class: '030200', id: '10de:1eb8', driver: 'nvidia', group: 28 }).entries,
    ].map(([name, entry]) => {
      if ('link' in entry) return { name, type: '2', link: entry.link };
      return { name, text: 'text' in entry ? String(entry.text) : '' };
    }),
  );
  const read = (name: string): string => readFileSync(join(folder, 'inventory', name), 'utf8');
  const spec = (name: string): string => read(name).replace(/^[^]*\nspec:\n/, '');

  test('is written for the first node, and the others have what differs', () => {
    const first = run(['-', '--node', 'node01', '--hardware', 'gpu'], ARCHIVE);
    expect(first.world.out()).toBe(
      'no findings\ninventory/hardware/gpu.yaml: written\ninventory/node01.yaml: written\n',
    );
    expect(spec('hardware/gpu.yaml')).toContain(LINE);
    expect(spec('node01.yaml')).toBe('  hardware: gpu\n');

    const shared = read('hardware/gpu.yaml');
    expect(run(['-', '--node', 'node02', '--hardware', 'gpu'], second).status).toBe(0);
    expect(spec('node02.yaml')).toBe(
      '  hardware: gpu\n  functions:\n' +
        '    - { address: "0000:65:00.0", driver: vfio-pci }\n' +
        '    - { address: "0000:66:00.0", class: "030200", id: "10de:1eb8", driver: nvidia, iommuGroup: 28, bridges: [], added: true }\n',
    );
    expect(read('hardware/gpu.yaml')).toBe(shared);
  });

  test('is kept by the next import, with what people added to either file', () => {
    run(['-', '--node', 'node01', '--hardware', 'gpu'], ARCHIVE);
    const hardware = read('hardware/gpu.yaml').replace('bridges: []', 'bridges: [], hostUse: []');
    writeFileSync(join(folder, 'inventory', 'hardware', 'gpu.yaml'), hardware);
    writeFileSync(
      join(folder, 'inventory', 'node01.yaml'),
      `${read('node01.yaml')}  functions: [{ address: "0000:65:00.0", serial: S1 }]\n`,
    );
    expect(run(['-', '--node', 'node01'], second).status).toBe(0);

    expect(spec('node01.yaml')).toContain('{ address: "0000:65:00.0", serial: "S1", driver: vfio-pci }\n');
    expect(read('hardware/gpu.yaml')).toBe(hardware);
    expect(run(['-', '--node', 'node01'], second).world.out()).toContain('node01.yaml: unchanged');
  });

  test('is taken up by a node that had a file of its own', () => {
    run(['-', '--node', 'node01'], ARCHIVE);
    run(['-', '--node', 'node01', '--hardware', 'gpu'], ARCHIVE);

    expect(spec('node01.yaml')).toBe('  hardware: gpu\n');
  });

  test('is part of what --check compares', () => {
    run(['-', '--node', 'node01', '--hardware', 'gpu'], ARCHIVE);
    expect(run(['-', '--node', 'node01', '--check'], ARCHIVE).status).toBe(0);
    const { status, world } = run(['-', '--node', 'node01', '--check'], second);

    expect(status).toBe(1);
    expect(world.out()).toContain('0000:66:00.0 is not in the inventory');
    expect(world.out()).toContain('inventory/hardware/gpu.yaml:');
    expect(run(['-', '--node', 'node01', '--check', '--hardware', 'gpu'], ARCHIVE).status).toBe(2);
  });

  test.each([
    ['../gpu', 'hardware name ../gpu is not valid'],
    ['GPU', 'hardware name GPU is not valid'],
  ])('is not called %s', (name, message) => {
    const { status, world } = run(['-', '--node', 'node01', '--hardware', name], ARCHIVE);

    expect(status).toBe(1);
    expect(world.out()).toContain(message);
    expect(inventory).toThrow();
  });

  test('that is broken or gone is an error, and nothing is written', () => {
    run(['-', '--node', 'node01', '--hardware', 'gpu'], ARCHIVE);
    const there = read('node01.yaml');
    writeFileSync(join(folder, 'inventory', 'hardware', 'gpu.yaml'), 'kind: [');
    expect(run(['-', '--node', 'node01'], second).status).toBe(1);
    expect(run(['-', '--node', 'node02', '--hardware', 'gpu'], second).status).toBe(1);
    rmSync(join(folder, 'inventory', 'hardware', 'gpu.yaml'));
    const { status, world } = run(['-', '--node', 'node01'], second);

    expect(status).toBe(1);
    expect(world.out()).toContain('error[INV170]: there is no hardware gpu');
    expect(read('node01.yaml')).toBe(there);
  });
});
