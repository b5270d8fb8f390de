import { stamp, type Finding, type PlacedDiagnostic } from '../../diagnostics';
import type { NodeInventory, PciFunction } from '../../model';
import { placeAt } from '../../source';
import { listedNames } from '../wording';
import {
  compareInventories,
  isOtherMachine,
  type DifferenceKind,
  type InventoryDifference,
} from './compare-inventories';
import { DIFFERENCES, OTHER_MACHINE } from './difference-problems';

/** How many functions a note names. */
const MOST_NAMED = 3;

/**
 * What has changed since an inventory was written, in words: one finding for each kind of difference. Empty when nothing differs.
 *
 * @param lock - the inventory that is kept
 * @param seen - what is there
 */
export function inventoryDifferences(lock: NodeInventory, seen: NodeInventory): PlacedDiagnostic[] {
  if (isOtherMachine(lock, seen)) {
    return [
      stamp(OTHER_MACHINE, {
        message: `the inventory of ${lock.node} is of another machine`,
        primary: {
          at: placeAt(lock.place, 'spec', 'productUuid'),
          text: `now ${seen.productUuid ?? ''}`,
        },
        help: ['import the inventory anew, and state again what people added'],
      }),
    ];
  }
  const byKind = new Map<DifferenceKind, InventoryDifference[]>();
  for (const one of compareInventories(lock, seen)) byKind.set(one.kind, [...(byKind.get(one.kind) ?? []), one]);
  return [...byKind].map(([kind, differences]) => stamp(DIFFERENCES[kind], findingOf(kind, differences)));
}

function findingOf(kind: DifferenceKind, differences: readonly InventoryDifference[]): Finding {
  const [first] = differences;
  const fact = first?.was ?? first?.now;
  if (first === undefined || fact === undefined) throw new RangeError('a difference is about a function');
  const more = differences.slice(0, MOST_NAMED).map((one) => `${addressOf(one)}: ${changeOf(one)}`);
  const rest = differences.length - more.length;
  return {
    message:
      differences.length === 1
        ? `${addressOf(first)} ${SINGULAR[kind]}`
        : `${differences.length} PCI functions ${PLURAL[kind]}`,
    primary: { at: fact.place, text: changeOf(first) },
    notes: differences.length === 1 ? [] : [...more, ...(rest > 0 ? [`and ${rest} more`] : [])],
    help: kind === 'driver-changed' ? [] : ['import the inventory anew, and look at what the fleet says of these'],
  };
}

const SINGULAR: Readonly<Record<DifferenceKind, string>> = {
  moved: 'has moved',
  replaced: 'is another device now',
  gone: 'is gone',
  new: 'is not in the inventory',
  'group-changed': 'shares its IOMMU group with others now',
  'numa-changed': 'is on another NUMA node now',
  'driver-changed': 'has another driver now',
  'host-use-changed': 'is used otherwise by the host now',
};

const PLURAL: Readonly<Record<DifferenceKind, string>> = {
  moved: 'have moved',
  replaced: 'are other devices now',
  gone: 'are gone',
  new: 'are not in the inventory',
  'group-changed': 'share their IOMMU groups with others now',
  'numa-changed': 'are on other NUMA nodes now',
  'driver-changed': 'have other drivers now',
  'host-use-changed': 'are used otherwise by the host now',
};

function addressOf({ was, now }: InventoryDifference): string {
  return was?.address ?? now?.address ?? '';
}

/** What was and what is, short enough for a label. */
function changeOf({ kind, was, now }: InventoryDifference): string {
  switch (kind) {
    case 'moved':
      return `now at ${now?.address ?? ''}`;
    case 'replaced':
      return identityChange(was, now);
    case 'gone':
      return 'not seen any more';
    case 'new':
      return `${now?.id ?? 'a device'} that was not there`;
    case 'group-changed':
      return was?.iommuGroup === now?.iommuGroup
        ? `other functions are in group ${groupInWords(now)} now`
        : `group ${groupInWords(was)} so far, group ${groupInWords(now)} now`;
    case 'numa-changed':
      return `NUMA node ${was?.numaNode ?? 0} so far, ${now?.numaNode ?? 0} now`;
    case 'driver-changed':
      return shortened(`${was?.driver ?? 'no driver'} so far, ${now?.driver ?? 'none'} now`);
    case 'host-use-changed':
      return shortened(`${usesInWords(was)} so far, ${usesInWords(now)} now`);
  }
}

function identityChange(was: PciFunction | undefined, now: PciFunction | undefined): string {
  if (was?.id !== now?.id) return `${was?.id ?? 'unknown'} so far, ${now?.id ?? 'unknown'} now`;
  if (was?.subsystem !== now?.subsystem) return `another subsystem, ${now?.subsystem ?? 'unknown'}`;
  return 'another serial number';
}

function groupInWords(fact: PciFunction | undefined): string {
  return typeof fact?.iommuGroup === 'number' ? String(fact.iommuGroup) : 'none';
}

function usesInWords(fact: PciFunction | undefined): string {
  const kinds = [...new Set((fact?.hostUse ?? []).map(({ kind }) => kind))];
  return kinds.length === 0 ? 'not used' : listedNames(kinds);
}

/** A label holds 60 characters. */
function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
