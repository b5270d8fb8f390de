import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapture } from '../../../src/files';
import { importCapture, readLspci, type ImportedInventory, type TreeSource } from '../../../src/inventory';
import { SourceFile } from '../../../src/source';
import { knownFacts, summaries } from './reading';

const CAPTURES = join(__dirname, '..', '..', '..', '..', 'shared', 'captures');
const whenThere = existsSync(CAPTURES)
  ? it
  : (name: string): void =>
      it.skip(`${name} (skipped: there is no folder of captures beside the repository)`, () => undefined);

function capture(name: string): SourceFile {
  return new SourceFile(name, readFileSync(join(CAPTURES, name), 'utf8'));
}

describe('text that lspci printed on real machines', () => {
  whenThere('a workstation under -nnv: every function has class, id and name', () => {
    const source = capture('workstation-x58.lspci-nnv.txt');
    const { functions, problems } = readLspci(source);

    expect(summaries(source, problems)).toEqual([]);
    expect(functions).toHaveLength(source.text.match(/^[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /gm)?.length ?? 0);
    expect(functions.filter((fact) => !fact.class || !fact.id || !fact.name)).toEqual([]);
    // the dump was read on another machine: no driver is shown, so none is known to be absent
    expect(functions.filter(({ driver }) => driver !== undefined)).toEqual([]);
    expect(functions.find(({ address }) => address === '0000:06:00.1')).toMatchObject({
      class: '0403',
      id: '10de:0be3',
      subsystem: '3842:1312',
    });
  });

  whenThere('one function under -vvv without -nn: everything but the ids, and one warning', () => {
    const source = capture('single-function.lspci-vvv-without-ids.txt');
    const { functions, problems } = readLspci(source);

    expect(functions.map(knownFacts)).toEqual([
      { revision: '03', name: 'Synopsys EPMockUp', driver: 'nvme', iommuGroup: 14 },
    ]);
    expect(summaries(source, problems)).toEqual([
      'warning inventory/missing-ids: the text shows no vendor and device ids @ 01:00.0',
    ]);
  });
});

/** What an import says of a capture. */
function imported(name: string, capture: Uint8Array | TreeSource): ImportedInventory {
  return importCapture({ file: name, capture, node: 'node01' });
}

/** Calls back with the archive unpacked to a folder. */
function unpacked(name: string, use: (source: TreeSource) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'hostdev-capture-'));
  try {
    expect(spawnSync('tar', ['-xf', join(CAPTURES, name), '-C', folder]).status).toBe(0);
    const capture = readCapture(folder);
    if (capture?.kind !== 'folder') throw new Error('the archive was not unpacked');
    use(capture.source);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('sysfs trees of real machines', () => {
  const LAPTOP = 'laptop-i7-1270p.sysfs.tar.gz';
  const SERVER = 'dual-socket-pcilocality.sysfs.tar.bz2';

  whenThere('a laptop: every function with id, driver, and IOMMU group, and its disk is in use', () => {
    const { inventory, problems, text } = imported(LAPTOP, readFileSync(join(CAPTURES, LAPTOP)));

    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['INV113', 'info']]);
    expect(inventory).toMatchObject({ cpuVendor: 'intel', architecture: 'amd64', iommuEnabled: true });
    expect(inventory?.functions).toHaveLength(23);
    expect(inventory?.functions.filter((fact) => !fact.id || !fact.class || fact.iommuGroup === null)).toEqual([]);
    expect(inventory?.functions.find(({ address }) => address === '0000:04:00.0')).toMatchObject({
      class: '010802',
      id: '144d:a80a',
      driver: 'nvme',
      iommuGroup: 14,
      bridges: ['0000:00:06.0'],
      hostUse: [
        { kind: 'boot', reason: '/boot on nvme0n1p2' },
        { kind: 'boot', reason: '/boot/efi on nvme0n1p1' },
      ],
    });
    unpacked(LAPTOP, (source) => expect(imported(LAPTOP, source).text).toBe(text));
  });

  (spawnSync('bzip2', ['--help']).error === undefined ? whenThere : it.skip)(
    'a server with two sockets, sparse and without an IOMMU: what is there, and nothing else',
    () => {
      expect(imported(SERVER, readFileSync(join(CAPTURES, SERVER))).problems).toMatchObject([
        { code: 'INV111', severity: 'error' },
      ]);
      // 11,000 files: read from the archive, without the disk
      const plain = spawnSync('bzip2', ['-dc', join(CAPTURES, SERVER)], { maxBuffer: 256 * 1024 * 1024 });
      expect(plain.status).toBe(0);
      const { inventory, problems } = imported(SERVER, plain.stdout);

      expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['INV113', 'info']]);
      expect(inventory).toMatchObject({ cpuVendor: 'intel', iommuEnabled: undefined, usbDevices: undefined });
      expect(inventory?.numaNodes?.map(({ memoryMebibytes }) => memoryMebibytes)).toEqual([
        131058, 131072, 131072, 131072,
      ]);
      expect(inventory?.functions).toHaveLength(37);
      expect(inventory?.functions.filter(({ id }) => id === undefined)).toEqual([]);
      expect(inventory?.functions.filter(({ iommuGroup }) => iommuGroup !== undefined)).toEqual([]);
      expect(inventory?.functions.filter(({ numaNode }) => numaNode !== -1).map(({ numaNode }) => numaNode)).toEqual([
        2,
      ]);
      expect(inventory?.functions.find(({ address }) => address === '0000:01:00.0')?.hostUse).toMatchObject([
        { kind: 'root-disk', reason: '/ on sda1' },
        { kind: 'root-disk', reason: '/var on sda2' },
        { kind: 'other', reason: '/tmp on sda3' },
        { kind: 'other', reason: '/local on sda6' },
      ]);
    },
  );
});
