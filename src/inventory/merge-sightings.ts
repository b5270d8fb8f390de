import { stamp, type PlacedDiagnostic } from '../diagnostics';
import type { PciFunction } from '../model';
import { listedNames, shown } from './wording';
import { CONTRADICTORY_LISTING } from './problems';

/** What identifies a function, and what was seen of it: two entries of one machine cannot differ in these. */
const COMPARED = [
  'id',
  'class',
  'subsystem',
  'revision',
  'driver',
  'iommuGroup',
  'numaNode',
  'totalVfs',
  'numVfs',
] as const satisfies readonly (keyof PciFunction)[];

const WORDS: Readonly<Record<(typeof COMPARED)[number], string>> = {
  id: 'id',
  class: 'class',
  subsystem: 'subsystem',
  revision: 'revision',
  driver: 'driver',
  iommuGroup: 'IOMMU group',
  numaNode: 'NUMA node',
  totalVfs: 'number of possible VFs',
  numVfs: 'number of enabled VFs',
};

/** One function per address, made from all of its entries. */
export interface MergedSightings {
  readonly functions: readonly PciFunction[];
  /** At most one: entries that contradict each other have one cause. */
  readonly contradictions: readonly PlacedDiagnostic[];
}

/**
 * Joins the entries that one text has for each address: a fact that one entry shows completes another that does not show
 * it. Of facts that contradict each other the first is kept, and reported.
 */
export function mergeSightings(sightings: readonly (readonly PciFunction[])[]): MergedSightings {
  const functions: PciFunction[] = [];
  const contradictions: { first: PciFunction; second: PciFunction; key: (typeof COMPARED)[number] }[] = [];
  for (const [first, ...others] of sightings) {
    if (first === undefined) continue;
    let merged = first;
    let isContradicted = false;
    for (const other of others) {
      const key = COMPARED.find((key) => contradict(key, merged, other));
      if (key !== undefined && !isContradicted) contradictions.push({ first: merged, second: other, key });
      isContradicted ||= key !== undefined;
      merged = complete(merged, other);
    }
    functions.push(merged);
  }
  return { functions, contradictions: reported(contradictions) };
}

function contradict(key: (typeof COMPARED)[number], a: PciFunction, b: PciFunction): boolean {
  const left = a[key];
  const right = b[key];
  if (left === undefined || right === undefined || left === right) return false;
  // `0108` and `010802` are one class, shown without and with its programming interface
  if (key === 'class') return !String(left).startsWith(String(right)) && !String(right).startsWith(String(left));
  return true;
}

/** The first entry with its gaps filled from another one of the same function. */
export function complete(known: PciFunction, other: PciFunction): PciFunction {
  return {
    ...known,
    class: longer(known.class, other.class),
    id: known.id ?? other.id,
    subsystem: known.subsystem ?? other.subsystem,
    revision: known.revision ?? other.revision,
    name: known.name ?? other.name,
    serial: known.serial ?? other.serial,
    driver: known.driver === undefined ? other.driver : known.driver,
    driverVersion: known.driverVersion ?? other.driverVersion,
    iommuGroup: known.iommuGroup === undefined ? other.iommuGroup : known.iommuGroup,
    reservedRegions: known.reservedRegions ?? other.reservedRegions,
    numaNode: known.numaNode ?? other.numaNode,
    bridges: known.bridges ?? other.bridges,
    resetMethods: known.resetMethods ?? other.resetMethods,
    totalVfs: known.totalVfs ?? other.totalVfs,
    numVfs: known.numVfs ?? other.numVfs,
    physicalFunction: known.physicalFunction ?? other.physicalFunction,
    mdevTypes: known.mdevTypes ?? other.mdevTypes,
    vgpuTypes: known.vgpuTypes ?? other.vgpuTypes,
    currentVgpuType: known.currentVgpuType === undefined ? other.currentVgpuType : known.currentVgpuType,
    bootVga: known.bootVga ?? other.bootVga,
    hostUse: known.hostUse ?? other.hostUse,
  };
}

/** The class with its programming interface, where one of the two entries shows it. */
function longer(known: PciFunction['class'], other: PciFunction['class']): PciFunction['class'] {
  return known === undefined || (other?.startsWith(known) ?? false) ? other : known;
}

function reported(
  contradictions: readonly { first: PciFunction; second: PciFunction; key: (typeof COMPARED)[number] }[],
): PlacedDiagnostic[] {
  const [found] = contradictions;
  if (found === undefined) return [];
  const { first, second, key } = found;
  const names = listedNames(contradictions.map(({ first: { address } }) => address));
  const say = (value: PciFunction[typeof key]): string => (value === null ? 'none' : String(value));
  return [
    stamp(CONTRADICTORY_LISTING, {
      message: `the text says different things of ${contradictions.length === 1 ? first.address : `${contradictions.length} PCI functions`}`,
      primary: { at: second.place, text: shown(`${WORDS[key]} ${say(second[key])}`, 60) },
      secondary: [{ at: first.place, text: shown(`${WORDS[key]} ${say(first[key])}`, 60) }],
      notes: contradictions.length === 1 ? [] : [`contradicted: ${names}`],
      help: ['keep one listing of one machine in the file'],
    }),
  ];
}
