import fc from 'fast-check';
import { compareInventories, formatInventory, loadInventory } from '../../src/inventory';
import type { BdfAddress, HostUse, NodeInventory, PciFunction, PciId } from '../../src/model';
import { SourceFile, type Place } from '../../src/source';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };
const NOWHERE: Place = { kind: 'file', file: 'generated' };
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const UNKNOWN: Omit<PciFunction, 'address' | 'place'> = {
  class: undefined,
  id: undefined,
  subsystem: undefined,
  revision: undefined,
  name: undefined,
  serial: undefined,
  driver: undefined,
  driverVersion: undefined,
  iommuGroup: undefined,
  reservedRegions: undefined,
  numaNode: undefined,
  bridges: undefined,
  resetMethods: undefined,
  totalVfs: undefined,
  numVfs: undefined,
  physicalFunction: undefined,
  mdevTypes: undefined,
  vgpuTypes: undefined,
  currentVgpuType: undefined,
  bootVga: undefined,
  hostUse: undefined,
};
const hostUse = fc.record({
  kind: fc.constantFrom<HostUse['kind'][]>('root-disk', 'swap', 'other'),
  reason: fc.constantFrom('a', 'b'),
  place: fc.constant(NOWHERE),
});
const pciFunction = fc
  .record({
    address: fc.nat({ max: 40 }).map((bus) => `0000:${bus.toString(16).padStart(2, '0')}:00.0` as BdfAddress),
    id: maybe(fc.constantFrom('10de:1eb8' as PciId, '8086:5845' as PciId)),
    serial: maybe(fc.constantFrom('A', 'B', 'C')),
    driver: fc.option(maybe(fc.constantFrom('nvme', 'vfio-pci')), { nil: null }),
    iommuGroup: fc.option(maybe(fc.nat({ max: 5 })), { nil: null }),
    numaNode: maybe(fc.integer({ min: -1, max: 1 })),
    hostUse: maybe(fc.array(hostUse, { maxLength: 2 })),
  })
  .map((facts): PciFunction => ({ ...UNKNOWN, ...facts, place: NOWHERE }));
const inventory = fc
  .uniqueArray(pciFunction, { selector: ({ address }) => address, maxLength: 12 })
  .map((functions): NodeInventory => {
    const { inventory: empty } = loadInventory(
      new SourceFile(
        'e',
        'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: n }\nspec: { functions: [] }\n',
      ),
    );
    if (empty === undefined) throw new Error('an empty inventory is one');
    return { ...empty, functions };
  });

test('what was just written has not changed', () => {
  fc.assert(
    fc.property(inventory, (seen) => {
      const lock = loadInventory(new SourceFile('n.yaml', formatInventory(seen))).inventory;
      expect(lock === undefined ? undefined : compareInventories(lock, seen)).toEqual([]);
    }),
    RUNS,
  );
});

test('every function that one side lacks, and no other, is new, gone, moved or replaced', () => {
  fc.assert(
    fc.property(inventory, inventory, (lock, seen) => {
      const differences = compareInventories(lock, seen);
      const placed = differences.filter(({ kind }) => ['moved', 'replaced', 'gone', 'new'].includes(kind));
      const accounted = (side: 'was' | 'now'): string[] => placed.flatMap((one) => one[side]?.address ?? []).sort();
      const addresses = (of: NodeInventory): Set<string> => new Set(of.functions.map(({ address }) => address));
      const only = (of: NodeInventory, not: NodeInventory): string[] =>
        [...addresses(of)].filter((address) => !addresses(not).has(address));
      expect(accounted('was')).toEqual(expect.arrayContaining(only(lock, seen)));
      expect(accounted('now')).toEqual(expect.arrayContaining(only(seen, lock)));
      expect(new Set(accounted('was')).size).toBe(accounted('was').length);
      expect(new Set(accounted('now')).size).toBe(accounted('now').length);
    }),
    RUNS,
  );
});

test('what has come is what has gone the other way round', () => {
  const count = (kind: string, a: NodeInventory, b: NodeInventory): number =>
    compareInventories(a, b).filter((one) => one.kind === kind).length;
  fc.assert(
    fc.property(inventory, inventory, (a, b) => {
      expect(count('new', a, b)).toBe(count('gone', b, a));
      expect(count('moved', a, b)).toBe(count('moved', b, a));
    }),
    RUNS,
  );
});
