import fc from 'fast-check';
import {
  findDifferences,
  formatDifferences,
  formatHardware,
  formatInventory,
  loadHardware,
  loadInventory,
  mergeInventory,
  sharedHardware,
} from '../../src/inventory';
import {
  compareBdfAddress,
  type BdfAddress,
  type HostUse,
  type NodeInventory,
  type NumaNode,
  type PciClass,
  type PciFunction,
  type PciId,
  type ReservedRegion,
  type UsbDevice,
  type VgpuType,
} from '../../src/model';
import { SourceFile, type Place } from '../../src/source';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };
const NOWHERE: Place = { kind: 'file', file: 'generated' };

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: 16 ** digits - 1 }).map((value) => value.toString(16).padStart(digits, '0'));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const id = fc.tuple(hex(4), hex(4)).map(([vendor, device]) => `${vendor}:${device}` as PciId);
/** Texts of people and devices: anything that is not blank and that UTF-8 can hold. */
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== '' && text !== 'none');
const address = fc
  .tuple(fc.constantFrom('0000', '10000'), hex(2), fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 7 }))
  .map(([domain, bus, device, pciFunction]) => {
    return `${domain}:${bus}:${device.toString(16).padStart(2, '0')}.${pciFunction}` as BdfAddress;
  });

const hostUse = fc
  .record({
    kind: fc.constantFrom<HostUse['kind'][]>(
      'root-disk',
      'boot',
      'swap',
      'container-storage',
      'management-nic',
      'console',
      'other',
    ),
    reason: words,
    isObserved: fc.boolean(),
  })
  .map(({ kind, reason, isObserved }): HostUse => {
    return { kind, reason, ...(isObserved ? { observed: true } : {}), place: NOWHERE };
  });

const busAddress = fc.integer({ min: 0, max: 2 ** 48 }).map((value) => `0x${value.toString(16)}`);
const region = fc.record<ReservedRegion>({
  type: fc.constantFrom('direct', 'direct-relaxable', 'reserved'),
  start: busAddress,
  end: busAddress,
});
const vgpuType = fc.record<VgpuType>({ id: words, name: maybe(words), instances: maybe(fc.nat()) });

const pciFunction = fc.record<PciFunction>({
  address,
  class: maybe(fc.oneof(hex(4), hex(6)).map((code) => code as PciClass)),
  id: maybe(id),
  subsystem: maybe(id),
  revision: maybe(hex(2)),
  name: maybe(words),
  serial: maybe(words),
  driver: fc.option(maybe(words), { nil: null }),
  driverVersion: maybe(words),
  iommuGroup: fc.option(maybe(fc.nat()), { nil: null }),
  numaNode: maybe(fc.integer({ min: -1, max: 64 })),
  reservedRegions: maybe(fc.array(region, { maxLength: 2 })),
  bridges: maybe(fc.array(address, { maxLength: 2 })),
  resetMethods: maybe(fc.array(words, { maxLength: 2 })),
  mdevTypes: maybe(fc.array(vgpuType, { maxLength: 2 })),
  vgpuTypes: maybe(fc.array(vgpuType, { maxLength: 2 })),
  currentVgpuType: fc.option(maybe(fc.constantFrom('1', '1428')), { nil: null }),
  totalVfs: maybe(fc.nat({ max: 65535 })),
  numVfs: maybe(fc.nat({ max: 65535 })),
  physicalFunction: maybe(address),
  bootVga: maybe(fc.boolean()),
  hostUse: maybe(fc.array(hostUse, { maxLength: 2 })),
  place: fc.constant(NOWHERE),
});

const numaNode = fc.record<NumaNode>({
  node: fc.nat(),
  cpus: maybe(fc.constantFrom('', '0', '0-15,32-47')),
  memoryMebibytes: maybe(fc.nat()),
  hugepages: maybe(
    fc.array(fc.record({ size: fc.constantFrom('2Mi', '1Gi', '64Ki'), count: fc.nat() }), { maxLength: 2 }),
  ),
});
const usbDevice = fc.record<UsbDevice>({
  port: fc.constantFrom('1-2', '3-1.4', '12-1.2.3'),
  vendor: maybe(hex(4)),
  product: maybe(hex(4)),
  serial: maybe(words),
  name: maybe(words),
  controller: maybe(address),
});

const inventory = fc.record<NodeInventory>({
  node: fc.constantFrom('node01', 'ip-10-0-0-1.ec2.internal', '1', 'true', 'null'),
  place: fc.constant(NOWHERE),
  productUuid: maybe(fc.uuid()),
  hostName: maybe(words),
  cpuVendor: fc.constantFrom('intel', 'amd', 'arm', undefined),
  architecture: maybe(words),
  kernelRelease: maybe(words),
  kernelArguments: maybe(fc.array(words, { maxLength: 3 })),
  iommuEnabled: maybe(fc.boolean()),
  vfioPciBuiltIn: maybe(fc.boolean()),
  vfioDeviceCdev: maybe(fc.boolean()),
  numaNodes: maybe(fc.array(numaNode, { maxLength: 2 })),
  usbDevices: maybe(fc.array(usbDevice, { maxLength: 2 })),
  functions: fc
    .uniqueArray(pciFunction, { selector: (fact) => fact.address, maxLength: 8 })
    .map((facts) => facts.sort((a, b) => compareBdfAddress(a.address, b.address))),
});

const EMPTY: NodeInventory = {
  node: 'n',
  place: NOWHERE,
  productUuid: undefined,
  hostName: undefined,
  cpuVendor: undefined,
  architecture: undefined,
  kernelRelease: undefined,
  kernelArguments: undefined,
  iommuEnabled: undefined,
  vfioPciBuiltIn: undefined,
  vfioDeviceCdev: undefined,
  numaNodes: undefined,
  usbDevices: undefined,
  functions: [],
};

/** An inventory without its places, which a text has and a generated one does not. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      key === 'place' ? undefined : inner === undefined ? '<unknown>' : inner,
    ),
  );
}

function load(text: string): ReturnType<typeof loadInventory> {
  return loadInventory(new SourceFile('inventory/node.yaml', text));
}

describe('an inventory file', () => {
  it('is read back as the inventory that it was written from', () => {
    fc.assert(
      fc.property(inventory, (written) => {
        const { inventory: read, problems } = load(formatInventory(written));

        expect(problems).toEqual([]);
        expect(withoutPlaces(read)).toEqual(withoutPlaces(written));
      }),
      RUNS,
    );
  });

  it('is the same bytes when it is read and written again', () => {
    fc.assert(
      fc.property(inventory, (written) => {
        const text = formatInventory(written);
        const { inventory: read } = load(text);

        expect(read && formatInventory(read)).toBe(text);
      }),
      RUNS,
    );
  });

  it('has one line for each function, and no other line depends on it', () => {
    fc.assert(
      fc.property(inventory, (written) => {
        const text = formatInventory(written).split('\n');
        const entries = text.filter((line) => line.startsWith('    - { address: '));

        expect(entries).toHaveLength(written.functions.length);
      }),
      RUNS,
    );
  });

  it('never makes its reader throw, whatever is changed in it', () => {
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 5 }),
      insert: fc.string({ unit: 'binary', maxLength: 4 }),
    });
    fc.assert(
      fc.property(inventory, fc.array(edit, { minLength: 1, maxLength: 4 }), (written, edits) => {
        let text = formatInventory(written);
        for (const { at, remove, insert } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        const loaded = load(text);

        expect(loaded.inventory !== undefined || loaded.problems.length > 0).toBe(true);
      }),
      RUNS,
    );
  });

  it('never makes its reader throw on any text, nor on any value', () => {
    const head = 'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\n';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.json(), fc.json(), (text, metadata, spec) => {
        load(text);
        load(`${head}metadata: ${metadata}\nspec: ${spec}\n`);
        load(
          `${head}metadata: { name: n }\nspec: { functions: [${spec}, { address: ${metadata}, hostUse: ${spec} }] }\n`,
        );
      }),
      RUNS,
    );
  });
});

describe('shared hardware', () => {
  /** Another machine of a kind: some functions are the same, some differ in one fact, some are gone, some are its own. */
  const like = (one: NodeInventory): fc.Arbitrary<NodeInventory> =>
    fc
      .tuple(inventory, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 8, maxLength: 8 }), fc.boolean())
      .map(([other, choices, isSameMachine]) => {
        const kept = one.functions.flatMap((fact, i) => {
          const donor = other.functions[i];
          if (choices[i] === 0) return [];
          return choices[i] === 1 && donor !== undefined
            ? [{ ...fact, driver: donor.driver, serial: donor.serial }]
            : [fact];
        });
        const known = new Set(kept.map(({ address: at }) => at));
        const functions = [...kept, ...other.functions.filter(({ address: at }) => !known.has(at))];
        return {
          ...(isSameMachine ? one : other),
          functions: functions.sort((a, b) => compareBdfAddress(a.address, b.address)),
        };
      });

  it('and what differs from it make the inventory that they were made from', () => {
    fc.assert(
      fc.property(
        inventory.chain((one) => fc.tuple(fc.constant(one), like(one))),
        ([first, second]) => {
          const made = sharedHardware('r750', first, NOWHERE);
          const { hardware, problems } = loadHardware(
            new SourceFile('inventory/hardware/r750.yaml', formatHardware(made)),
          );
          expect(problems).toEqual([]);
          if (hardware === undefined) throw new Error('there is no hardware');
          for (const original of [first, second]) {
            const text = formatDifferences(original.node, 'r750', findDifferences(original, hardware));
            const read = loadInventory(new SourceFile('inventory/node.yaml', text), () => hardware);
            expect(read.problems).toEqual([]);
            expect(withoutPlaces({ ...read.inventory, hardware: undefined })).toEqual(
              withoutPlaces({ ...original, hardware: undefined }),
            );
          }
        },
      ),
      RUNS,
    );
  });

  it('never makes its readers throw', () => {
    const head = 'apiVersion: hostdev/v1alpha1\nkind: ';
    const hardware = sharedHardware('a', EMPTY, NOWHERE);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.json(), fc.json(), (text, one, other) => {
        loadHardware(new SourceFile('h.yaml', text));
        loadHardware(new SourceFile('h.yaml', `${head}NodeHardware\nmetadata: ${one}\nspec: ${other}\n`));
        const spec = `{ hardware: a, unknown: ${one}, functions: [${other}, { address: "0000:5e:00.0", added: ${one}, unknown: ${other} }] }`;
        loadInventory(
          new SourceFile('n.yaml', `${head}NodeInventory\nmetadata: { name: n }\nspec: ${spec}\n`),
          () => hardware,
        );
      }),
      RUNS,
    );
  });
});

describe('merging inventories', () => {
  it('with itself changes nothing and reports nothing', () => {
    fc.assert(
      fc.property(inventory, (one) => {
        expect(mergeInventory(one, one)).toEqual({ inventory: one, problems: [] });
      }),
      RUNS,
    );
  });

  it('a second time changes nothing more', () => {
    fc.assert(
      fc.property(inventory, inventory, (existing, imported) => {
        const once = mergeInventory(existing, imported).inventory;

        expect(mergeInventory(once, imported)).toEqual({ inventory: once, problems: [] });
      }),
      RUNS,
    );
  });

  it('keeps what was seen, and exactly the functions that were seen', () => {
    fc.assert(
      fc.property(inventory, inventory, (existing, imported) => {
        const { functions } = mergeInventory(existing, imported).inventory;

        expect(functions.map((fact) => fact.address)).toEqual(imported.functions.map((fact) => fact.address));
        functions.forEach((fact, i) => {
          const seen = imported.functions[i];
          if (seen?.driver !== undefined) expect(fact.driver).toBe(seen.driver);
          if (seen?.id !== undefined) expect(fact.id).toBe(seen.id);
        });
      }),
      RUNS,
    );
  });
});
