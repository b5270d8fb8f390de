/*
 * A new import over an inventory that people have added to. Facts that were seen replace old ones, facts that the new source
 * does not show stay, and what only people can know stays with the device it was said of. That device is known by its address
 * and its id, so two things take a statement away: another id at the address, and signs that like devices have moved.
 */
import { stamp, type Finding, type PlacedDiagnostic } from '../diagnostics';
import { compareBdfAddress, type BdfAddress, type NodeInventory, type PciFunction, type PciId } from '../model';
import { complete } from './merge-sightings';
import { GONE_FUNCTIONS, MOVED_FUNCTIONS, NEW_FUNCTIONS, REPLACED_FUNCTIONS } from './problems';
import { listedNames } from './wording';

/** An inventory after an import, and what changed. */
export interface MergedInventory {
  readonly inventory: NodeInventory;
  readonly problems: readonly PlacedDiagnostic[];
}

/** A function at an address that has another id now. */
interface Replacement {
  readonly old: PciFunction;
  readonly seen: PciFunction;
}

/** Merges an import into what is there. Merging an inventory with itself changes nothing and reports nothing. */
export function mergeInventory(existing: NodeInventory, imported: NodeInventory): MergedInventory {
  const oldByAddress = new Map(existing.functions.map((fact) => [fact.address, fact]));
  const newAddresses = new Set(imported.functions.map(({ address }) => address));
  const added = imported.functions.filter(({ address }) => !oldByAddress.has(address));
  const gone = existing.functions.filter(({ address }) => !newAddresses.has(address));
  const replaced = imported.functions.flatMap((seen): Replacement[] => {
    const old = oldByAddress.get(seen.address);
    return old !== undefined && isReplaced(old, seen) ? [{ old, seen }] : [];
  });
  const changed = [...added, ...gone, ...replaced.flatMap(({ old, seen }) => [old, seen])];
  const firstChange = firstChangeById(changed);
  const doubtful: PciFunction[] = [];
  const functions = imported.functions.map((seen) => {
    const old = oldByAddress.get(seen.address);
    if (old === undefined || isReplaced(old, seen)) return seen;
    const isDoubtful = mayHaveMoved(old, firstChange);
    if (isDoubtful) doubtful.push(old);
    return complete(seen, isDoubtful ? { ...old, hostUse: undefined } : old);
  });
  return {
    inventory: {
      node: imported.node,
      place: imported.place,
      productUuid: imported.productUuid ?? existing.productUuid,
      hostName: imported.hostName ?? existing.hostName,
      cpuVendor: imported.cpuVendor ?? existing.cpuVendor,
      architecture: imported.architecture ?? existing.architecture,
      kernelRelease: imported.kernelRelease ?? existing.kernelRelease,
      functions,
    },
    problems: [
      ...newFunctions(added),
      ...goneFunctions(gone),
      ...replacedFunctions(replaced),
      ...movedFunctions(doubtful),
    ],
  };
}

function isReplaced(old: PciFunction, seen: PciFunction): boolean {
  return old.id !== undefined && seen.id !== undefined && old.id !== seen.id;
}

/** For each id with a device that came or went, the lowest address where that happened. */
function firstChangeById(changed: readonly PciFunction[]): ReadonlyMap<PciId, BdfAddress> {
  const first = new Map<PciId, BdfAddress>();
  for (const { id, address } of changed) {
    const known = id === undefined ? undefined : first.get(id);
    if (id !== undefined && (known === undefined || compareBdfAddress(address, known) < 0)) first.set(id, address);
  }
  return first;
}

/**
 * Buses are numbered in order, so a card that comes or goes shifts what lies behind it. A statement that the host does not use
 * a device is no longer certain behind the first change of its kind, unless a serial ties the statement to the device.
 */
function mayHaveMoved(old: PciFunction, firstChange: ReadonlyMap<PciId, BdfAddress>): boolean {
  const first = old.id === undefined ? undefined : firstChange.get(old.id);
  if (first === undefined || old.serial !== undefined || old.hostUse?.length !== 0) return false;
  return compareBdfAddress(old.address, first) > 0;
}

function newFunctions(added: readonly PciFunction[]): PlacedDiagnostic[] {
  const [first] = added;
  if (first === undefined) return [];
  return [stamp(NEW_FUNCTIONS, { ...changeOf(added, 'new'), primary: { at: first.place, text: 'not known so far' } })];
}

function goneFunctions(gone: readonly PciFunction[]): PlacedDiagnostic[] {
  const [first] = gone;
  if (first === undefined) return [];
  const change = changeOf(gone, 'gone', gone);
  return [stamp(GONE_FUNCTIONS, { ...change, primary: { at: first.place, text: 'not in the new listing' } })];
}

function replacedFunctions(replaced: readonly Replacement[]): PlacedDiagnostic[] {
  const [first] = replaced;
  if (first === undefined) return [];
  const seen = replaced.map((replacement) => replacement.seen);
  const old = replaced.map((replacement) => replacement.old);
  return [
    stamp(REPLACED_FUNCTIONS, {
      ...changeOf(seen, 'another device now', old),
      primary: { at: first.seen.place, text: `now ${first.seen.id ?? ''}` },
      secondary: [{ at: first.old.place, text: `so far ${first.old.id ?? ''}` }],
    }),
  ];
}

function movedFunctions(doubtful: readonly PciFunction[]): PlacedDiagnostic[] {
  const [first] = doubtful;
  if (first === undefined) return [];
  return [
    stamp(MOVED_FUNCTIONS, {
      message:
        doubtful.length === 1
          ? `${first.address} may be another device than before`
          : `${doubtful.length} PCI functions may be other devices than before`,
      primary: { at: first.place, text: '`hostUse: []` is no longer certain' },
      notes: [
        `\`hostUse: []\` is taken out of ${addressesOf(doubtful)}`,
        'a device of the same id came or went at a lower address, which can renumber the buses behind it',
      ],
      help: ['find out which devices the host uses, and state `hostUse` anew'],
    }),
  ];
}

/**
 * What changed, in words that stay within a message: one function by its address, several by their count. Where people had
 * added something to functions that went, that is said, and makes it a warning.
 */
function changeOf(
  facts: readonly PciFunction[],
  change: string,
  went: readonly PciFunction[] = [],
): Pick<Finding, 'message' | 'notes' | 'severity'> {
  const withAdditions = went.filter(({ serial, hostUse }) => serial !== undefined || hostUse !== undefined);
  const lost = withAdditions.length === 0 ? [] : [`serial and host use are taken out of ${addressesOf(withAdditions)}`];
  const first = facts[0]?.address ?? '';
  return {
    message: facts.length === 1 ? `${first} is ${change}` : `${facts.length} PCI functions are ${change}`,
    notes: [...(facts.length === 1 ? [] : [addressesOf(facts)]), ...lost],
    severity: lost.length > 0 ? 'warning' : 'info',
  };
}

function addressesOf(facts: readonly PciFunction[]): string {
  return listedNames(facts.map(({ address }) => address));
}
