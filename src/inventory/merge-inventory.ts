/*
 * A new import over an inventory that people have added to. Facts that were seen replace old ones, facts that the new source
 * does not show stay, and what only people can know stays with the device it was said of. That device is known by its address,
 * its id and its serial, so two things take a statement away: another device at the address, and signs that like devices have
 * moved.
 */
import { stamp, type Finding, type PlacedDiagnostic } from '../diagnostics';
import {
  compareBdfAddress,
  type BdfAddress,
  type HostUse,
  type NodeInventory,
  type PciFunction,
  type PciId,
} from '../model';
import { completeMachine } from './machine-facts';
import { complete } from './merge-sightings';
import { GONE_FUNCTIONS, MOVED_FUNCTIONS, NEW_FUNCTIONS, REPLACED_FUNCTIONS } from './problems';
import { listedNames, shown } from './wording';

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
  const oldBySerial = movedBySerial(
    [...gone, ...replaced.map(({ old }) => old)],
    [...added, ...replaced.map(({ seen }) => seen)],
  );
  const functions = imported.functions.map((seen) => {
    const moved = oldBySerial.get(seen.address);
    if (moved !== undefined) return { ...seen, hostUse: mergeHostUse(seen.hostUse, statedUses(moved)) };
    const old = oldByAddress.get(seen.address);
    if (old === undefined || isReplaced(old, seen)) return seen;
    const isDoubtful = seen.hostUse === undefined && mayHaveMoved(old, firstChange);
    if (isDoubtful) doubtful.push(old);
    return {
      ...complete(seen, stillTrue(old, seen)),
      hostUse: isDoubtful ? undefined : mergeHostUse(seen.hostUse, old.hostUse),
    };
  });
  return {
    inventory: {
      node: imported.node,
      place: imported.place,
      ...completeMachine(imported, existing),
      functions,
    },
    problems: [
      ...newFunctions(added),
      ...goneFunctions(gone, oldBySerial),
      ...replacedFunctions(replaced, oldBySerial),
      ...movedFunctions(doubtful),
    ],
  };
}

function isReplaced(old: PciFunction, seen: PciFunction): boolean {
  if (old.id !== undefined && seen.id !== undefined && old.id !== seen.id) return true;
  // a disk has a serial of its own and one of its function: only two of a kind can tell that it is another one
  return (
    old.serial !== undefined &&
    seen.serial !== undefined &&
    isFunctionSerial(old.serial) === isFunctionSerial(seen.serial) &&
    tableForm(old.serial) !== tableForm(seen.serial)
  );
}

/** Functions that went, by the address where their serial is seen now: what was said of a device goes where it goes. */
function movedBySerial(
  went: readonly PciFunction[],
  came: readonly PciFunction[],
): ReadonlyMap<BdfAddress, PciFunction> {
  const [before, after] = [bySerial(went), bySerial(came)];
  return new Map(
    [...after].flatMap(([key, seen]): [BdfAddress, PciFunction][] => {
      const old = before.get(key);
      return seen === undefined || old === undefined ? [] : [[seen.address, old]];
    }),
  );
}

/** Functions of one card share its serial, and differ in their number; a serial that does not tell devices apart gives undefined. */
function bySerial(functions: readonly PciFunction[]): Map<string, PciFunction | undefined> {
  const found = new Map<string, PciFunction | undefined>();
  for (const fact of functions) {
    if (fact.serial === undefined || fact.id === undefined) continue;
    const key = `${fact.id} ${fact.address.slice(-1)} ${tableForm(fact.serial)}`;
    found.set(key, found.has(key) ? undefined : fact);
  }
  return found;
}

/** What people said; an import's own words are about the place where the device was. */
function statedUses({ hostUse }: PciFunction): readonly HostUse[] | undefined {
  const stated = hostUse?.filter(({ observed }) => observed !== true);
  return stated?.length === 0 && hostUse?.length !== 0 ? undefined : stated;
}

function isFunctionSerial(serial: string): boolean {
  return /^(?:[0-9a-f]{2}-){7}[0-9a-f]{2}$/i.test(serial.trim());
}

/** People copy serials from lists that lack blanks, or that have others in their place. */
function tableForm(serial: string): string {
  return serial
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

/** What was known of a function without that which depends on the driver, where another driver has it now. */
function stillTrue(old: PciFunction, seen: PciFunction): PciFunction {
  if (seen.driver === undefined || seen.driver === old.driver) return old;
  return { ...old, driverVersion: undefined, mdevTypes: undefined, vgpuTypes: undefined, currentVgpuType: undefined };
}

/** What was seen now, with what people said; what an earlier import saw is replaced. */
function mergeHostUse(
  seen: readonly HostUse[] | undefined,
  known: readonly HostUse[] | undefined,
): readonly HostUse[] | undefined {
  if (seen === undefined || known === undefined) return seen ?? known;
  const isSeen = (use: HostUse): boolean => {
    return seen.some(({ kind, reason }) => kind === use.kind && reason === use.reason);
  };
  return [...seen, ...known.filter((use) => use.observed !== true && !isSeen(use))];
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

function goneFunctions(
  gone: readonly PciFunction[],
  oldBySerial: ReadonlyMap<BdfAddress, PciFunction>,
): PlacedDiagnostic[] {
  const [first] = gone;
  if (first === undefined) return [];
  const change = changeOf(gone, 'gone', gone, oldBySerial);
  return [stamp(GONE_FUNCTIONS, { ...change, primary: { at: first.place, text: 'not in the new listing' } })];
}

function replacedFunctions(
  replaced: readonly Replacement[],
  oldBySerial: ReadonlyMap<BdfAddress, PciFunction>,
): PlacedDiagnostic[] {
  const [first] = replaced;
  if (first === undefined) return [];
  const isLike = first.seen.id === first.old.id;
  const seen = replaced.map((replacement) => replacement.seen);
  const old = replaced.map((replacement) => replacement.old);
  return [
    stamp(REPLACED_FUNCTIONS, {
      ...changeOf(seen, 'another device now', old, oldBySerial),
      primary: { at: first.seen.place, text: identity(first.seen, 'now', isLike) },
      secondary: [{ at: first.old.place, text: identity(first.old, 'so far', isLike) }],
    }),
  ];
}

function identity({ id, serial }: PciFunction, when: string, isLike: boolean): string {
  return isLike ? shown(`${when} serial ${serial ?? ''}`) : `${when} ${id ?? ''}`;
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
  oldBySerial: ReadonlyMap<BdfAddress, PciFunction> = new Map(),
): Pick<Finding, 'message' | 'notes' | 'severity'> {
  const moved = new Set(oldBySerial.values());
  const withAdditions = went.filter((fact) => {
    const { serial, hostUse } = fact;
    if (moved.has(fact)) return false;
    return serial !== undefined || (hostUse !== undefined && !hostUse.some(({ observed }) => observed));
  });
  const lost = withAdditions.length === 0 ? [] : [`serial and host use are taken out of ${addressesOf(withAdditions)}`];
  const followed = [...oldBySerial].flatMap(([address, old]) =>
    went.includes(old) ? `${old.address} to ${address}` : [],
  );
  const carried = followed.length === 0 ? [] : [`what people said goes with its serial from ${listedNames(followed)}`];
  const first = facts[0]?.address ?? '';
  return {
    message: facts.length === 1 ? `${first} is ${change}` : `${facts.length} PCI functions are ${change}`,
    notes: [...(facts.length === 1 ? [] : [addressesOf(facts)]), ...carried, ...lost],
    severity: lost.length > 0 ? 'warning' : 'info',
  };
}

function addressesOf(facts: readonly PciFunction[]): string {
  return listedNames(facts.map(({ address }) => address));
}
