import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { importCapture, readSysfs, unpackCapture } from '../../src/inventory';
import type { HostUse, PciFunction } from '../../src/model';
import { FakeMachine, sourceOf } from '../unit/inventory/fake-machine';
import { tarOf } from '../unit/inventory/tar-writer';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

/** Everything that is read off a function but its place. */
const FACTS = [
  'class',
  'id',
  'subsystem',
  'revision',
  'serial',
  'driver',
  'driverVersion',
  'iommuGroup',
  'reservedRegions',
  'numaNode',
  'bridges',
  'resetMethods',
  'totalVfs',
  'numVfs',
  'physicalFunction',
  'vgpuTypes',
  'bootVga',
] as const satisfies readonly (keyof PciFunction)[];

/** A machine with every kind of thing that is read, as a capture that is not the collector's. */
function machine(): FakeMachine {
  const files = {
    subsystem_vendor: '0x1028\n',
    subsystem_device: '0x0a6b\n',
    revision: '0xa1\n',
    numa_node: '1\n',
    boot_vga: '1\n',
    sriov_totalvfs: '16\n',
    sriov_numvfs: '1\n',
    reset_method: 'flr bus\n',
    uevent: 'DRIVER=nvme\n',
    'nvidia/creatable_vgpu_types': '1428 : NVIDIA H200X-141C\n',
  };
  const full = new FakeMachine()
    .pci('0000:5e:00.0', { driver: 'nvme', group: 15, below: ['0000:5d:00.0'], files })
    .pci('0000:5e:00.1', { driver: 'nvme', group: 15, below: ['0000:5d:00.0'], physicalFunction: '0000:5e:00.0' })
    .nvme(0, '0000:5e:00.0', 2)
    .made('dm-0', ['nvme0n1p2'], 'root')
    .mounts('/ dm-0', '/boot nvme0n1p1', '/data nvme0n1p1 btrfs')
    .swaps('/dev/nvme0n1p1')
    .file('proc/cpuinfo', 'vendor_id\t: GenuineIntel\nflags\t\t: lm\n')
    .file('proc/cmdline', 'quiet a.token=b\n')
    .file('proc/1/net/route', 'Iface\tDestination\neth0\t00000000\t0\t0\t0\t0\t0\t00000000\n')
    .file('sys/module/nvme/version', '1.0\n')
    .link('sys/bus/pci/drivers/nvme/module', 'sys/module/nvme')
    .file('sys/kernel/iommu_groups/15/reserved_regions', '0x0 0xfff direct\n')
    .file('sys/devices/system/node/node0/cpulist', '0-3\n')
    .file('sys/class/dmi/id/product_uuid', '4C4C4544-0036-4A10-8052-B7C04F4E5133\n');
  return full.net('eth0', full.at('0000:5e:00.1')).net('br0', 'sys/devices/virtual', ['eth0']);
}

const FULL = machine();
const PATHS = [...FULL.entries.keys()];
const FACTS_OF_FULL = new Map(FULL.read().functions.map((fact) => [fact.address, fact]));

describe('a capture with parts left out', () => {
  it('says of every function what the whole capture says, or that it is not known', () => {
    fc.assert(
      fc.property(fc.subarray(PATHS), (left) => {
        const gone = new Set(left);
        const { functions } = readSysfs(
          'capture',
          sourceOf(new Map([...FULL.entries].filter(([path]) => !gone.has(path)))),
        );

        for (const fact of functions) {
          const full = FACTS_OF_FULL.get(fact.address);
          for (const key of FACTS) if (fact[key] !== undefined) expect([key, fact[key]]).toEqual([key, full?.[key]]);
          expect(fact.hostUse).not.toEqual([]);
          const uses = (fact.hostUse ?? []).map(({ kind }: HostUse) => kind);
          if (uses.length > 0) expect(full?.hostUse?.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  it('says of the machine what the whole capture says, or that it is not known', () => {
    const full = FULL.read().machine;
    fc.assert(
      fc.property(fc.subarray(PATHS), (left) => {
        const gone = new Set(left);
        const { machine: found } = readSysfs(
          'capture',
          sourceOf(new Map([...FULL.entries].filter(([path]) => !gone.has(path)))),
        );

        for (const [key, value] of Object.entries(found)) {
          if (value !== undefined) expect([key, value]).toEqual([key, full[key as keyof typeof full]]);
        }
      }),
      RUNS,
    );
  });
});

describe('reading a capture', () => {
  it('never throws, whatever its files hold and its links lead to, and writes a file that can be read again', () => {
    const change = fc.record({
      path: fc.constantFrom(
        ...PATHS,
        'sys/bus/pci/devices/x',
        'hostdev/collector',
        'hostdev/open-blocks',
        'hostdev/ip-addr',
      ),
      entry: fc.oneof(
        fc.record({ text: fc.string({ unit: 'binary', maxLength: 40 }) }),
        fc.record({ text: fc.uint8Array({ maxLength: 300 }) }),
        fc.record({
          link: fc.oneof(
            fc.string({ unit: 'binary', maxLength: 20 }),
            fc.constantFrom(...PATHS, '..', '/', '.', '__proto__'),
          ),
        }),
        fc.constant({ folder: true as const }),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const entries = new Map(FULL.entries);
        for (const { path, entry } of changes) entries.set(path, entry);
        const once = importCapture({ file: 'capture', capture: sourceOf(entries), node: 'node01' });

        expect(once.text !== undefined || once.problems.some(({ severity }) => severity === 'error')).toBe(true);
      }),
      RUNS,
    );
  });

  it('gives the same bytes as the folder, whether an archive is packed or not', () => {
    const archive = tarOf(
      [...FULL.entries].map(([name, entry]) => {
        if ('link' in entry) return { name, type: '2', link: entry.link };
        return 'text' in entry ? { name, text: String(entry.text) } : { name, type: '5' };
      }),
    );
    const text = (capture: Parameters<typeof importCapture>[0]['capture']): unknown =>
      importCapture({ file: 'capture', capture, node: 'node01' }).text;

    expect(text(archive)).toBe(text(FULL.source()));
    expect(text(gzipSync(archive))).toBe(text(FULL.source()));
  });
});

describe('opening an archive', () => {
  it('never throws on any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 2048 });
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom<(content: Uint8Array) => Uint8Array>((raw) => raw, gzipSync),
        (raw, pack) => {
          const unpacked = unpackCapture(pack(raw));
          if (!unpacked.ok) expect(unpacked.reason).not.toBe('');
        },
      ),
      RUNS,
    );
  });

  it('never throws on an archive that is changed or cut off, and reads it whole or not at all', () => {
    const archive = tarOf([
      { name: 'p', type: 'x', text: '20 path=sys/longer\n\n' },
      { name: 'sys/a', text: 'one' },
      { name: 'k', type: 'L', text: 'sys/b\0', format: 'gnu' },
      { name: 'short', text: 'two' },
      { name: 'sys/c', type: '2', link: 'b' },
    ]);
    const edits = fc.array(fc.tuple(fc.nat({ max: archive.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(edits, fc.nat({ max: archive.length }), (changed, end) => {
        const bytes = Buffer.from(archive);
        for (const [at, byte] of changed) bytes[at] = byte;
        const cut = unpackCapture(bytes.subarray(0, end));
        const names = (path: string): void => {
          const entry = cut.ok ? cut.value.entry(path) : undefined;
          if (entry?.kind === 'folder') for (const name of entry.names()) names(path === '' ? name : `${path}/${name}`);
        };
        names('');
        // only the two empty blocks at the end may be missing
        if (cut.ok && changed.length === 0) expect(end).toBeGreaterThanOrEqual(archive.length - 1024);
      }),
      RUNS,
    );
  });
});
