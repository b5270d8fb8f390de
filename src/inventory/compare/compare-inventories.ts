/*
 * What has changed on a node since its inventory was written: the inventory is the lock, a new import is what is there. Devices
 * are followed by what they are (serial, ids), not by where they are, so that a card in another slot is one difference. What one
 * side does not know is no difference. Cost: one walk over the functions of each side.
 */
import { compareBdfAddress, type BdfAddress, type NodeInventory, type PciFunction } from '../../model';

/** What is different about a function. */
export type DifferenceKind =
  'moved' | 'replaced' | 'gone' | 'new' | 'group-changed' | 'numa-changed' | 'driver-changed' | 'host-use-changed';

/** One function that is not as the inventory says. */
export interface InventoryDifference {
  readonly kind: DifferenceKind;
  /** As the inventory has it; undefined: it has no such function. */
  readonly was: PciFunction | undefined;
  /** As it is seen; undefined: it is not there any more. */
  readonly now: PciFunction | undefined;
}

/** Functions of both sides that belong together. */
interface Pair {
  readonly was: PciFunction;
  readonly now: PciFunction;
}

/** Whether the lock is of another machine: both sides know the DMI product UUID, and they differ. */
export function isOtherMachine(lock: NodeInventory, seen: NodeInventory): boolean {
  return differs(lock.productUuid, seen.productUuid);
}

/**
 * Everything that differs, by kind and address; empty when nothing does. An inventory compared with itself has no differences. Groups are
 * compared by what shares them: their numbers may change from boot to boot.
 */
export function compareInventories(lock: NodeInventory, seen: NodeInventory): InventoryDifference[] {
  const nowByAddress = new Map(seen.functions.map((fact) => [fact.address, fact]));
  const stayed = lock.functions.flatMap((was): Pair[] => {
    const now = nowByAddress.get(was.address);
    return now !== undefined && mayBeSame(was, now) ? [{ was, now }] : [];
  });
  const placed = new Set(stayed.flatMap(({ was, now }) => [was, now]));
  const lost = lock.functions.filter((fact) => !placed.has(fact));
  const found = seen.functions.filter((fact) => !placed.has(fact));
  const moved = followed(lost, found);
  for (const { was, now } of moved) placed.add(was).add(now);
  const foundByAddress = new Map(found.filter((fact) => !placed.has(fact)).map((fact) => [fact.address, fact]));
  const replaced = lost.flatMap((was): Pair[] => {
    const now = placed.has(was) ? undefined : foundByAddress.get(was.address);
    return now === undefined ? [] : [{ was, now }];
  });
  for (const { was, now } of replaced) placed.add(was).add(now);
  const same = [...stayed, ...moved];
  const of = (kind: DifferenceKind, pairs: readonly Pair[]): InventoryDifference[] =>
    pairs.map(({ was, now }) => ({ kind, was, now }));
  return [
    ...of('moved', moved),
    ...of('replaced', replaced),
    ...lost.filter((fact) => !placed.has(fact)).map((was) => ({ kind: 'gone' as const, was, now: undefined })),
    ...found.filter((fact) => !placed.has(fact)).map((now) => ({ kind: 'new' as const, was: undefined, now })),
    ...of('group-changed', regrouped([...same, ...replaced])),
    ...of(
      'numa-changed',
      same.filter(({ was, now }) => differs(was.numaNode, now.numaNode)),
    ),
    ...of(
      'driver-changed',
      same.filter(({ was, now }) => differs(was.driver, now.driver)),
    ),
    ...of(
      'host-use-changed',
      same.filter(({ was, now }) => usesDiffer(was, now)),
    ),
  ];
}

/** Whether nothing that both sides know tells two functions apart. */
function mayBeSame(was: PciFunction, now: PciFunction): boolean {
  return !differs(was.id, now.id) && !differs(was.subsystem, now.subsystem) && !differs(was.serial, now.serial);
}

/**
 * Functions found at another address: by serial, else like by like, where as many are found as were lost. Buses are numbered in
 * order, so like functions keep theirs.
 */
function followed(lost: readonly PciFunction[], found: readonly PciFunction[]): Pair[] {
  const pairs: Pair[] = [];
  const taken = new Set<PciFunction>();
  const lostBySerial = uniqueBySerial(lost);
  const foundBySerial = uniqueBySerial(found);
  for (const [key, was] of lostBySerial) {
    const now = foundBySerial.get(key);
    if (now === undefined) continue;
    pairs.push({ was, now });
    taken.add(was).add(now);
  }
  const lostByKind = groupByKind(lost.filter((fact) => !taken.has(fact)));
  const foundByKind = groupByKind(found.filter((fact) => !taken.has(fact)));
  for (const [kind, were] of lostByKind) {
    const are = foundByKind.get(kind) ?? [];
    if (were.length !== are.length) continue;
    were.forEach((was, i) => {
      const now = are[i];
      // at its own address it is another device, which a serial shows
      if (now !== undefined && now.address !== was.address && !differs(was.serial, now.serial))
        pairs.push({ was, now });
    });
  }
  return pairs.sort((a, b) => compareBdfAddress(a.was.address, b.was.address));
}

/** Functions by serial, as far as it tells them apart: those of one card share it, and differ in their number. */
function uniqueBySerial(functions: readonly PciFunction[]): Map<string, PciFunction> {
  const bySerial = new Map<string, PciFunction>();
  const repeated = new Set<string>();
  for (const fact of functions) {
    if (fact.serial === undefined) continue;
    const key = JSON.stringify([fact.id, fact.serial, fact.address.slice(-1)]);
    if (bySerial.has(key)) repeated.add(key);
    bySerial.set(key, fact);
  }
  for (const key of repeated) bySerial.delete(key);
  return bySerial;
}

function groupByKind(functions: readonly PciFunction[]): Map<string, PciFunction[]> {
  const groups = new Map<string, PciFunction[]>();
  for (const fact of [...functions].sort((a, b) => compareBdfAddress(a.address, b.address))) {
    if (fact.id === undefined) continue;
    const key = `${fact.id} ${fact.subsystem ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return groups;
}

/** Pairs whose company in the IOMMU group is another one, among the functions that both sides have in a group. */
function regrouped(pairs: readonly Pair[]): Pair[] {
  const known = pairs.filter(({ was, now }) => was.iommuGroup !== undefined && now.iommuGroup !== undefined);
  const before = companyOf(known, ({ was }) => was.iommuGroup);
  const after = companyOf(known, ({ now }) => now.iommuGroup);
  return known.filter((pair) => before.get(pair) !== after.get(pair));
}

/** For every pair the addresses, as they are now, of those that share its group: a text that compares. */
function companyOf(pairs: readonly Pair[], groupOf: (pair: Pair) => number | null | undefined): Map<Pair, string> {
  const members = new Map<number, BdfAddress[]>();
  for (const pair of pairs) {
    const group = groupOf(pair);
    if (typeof group === 'number') members.set(group, [...(members.get(group) ?? []), pair.now.address]);
  }
  const texts = new Map([...members].map(([group, addresses]) => [group, addresses.sort(compareBdfAddress).join(' ')]));
  return new Map(
    pairs.map((pair) => {
      const group = groupOf(pair);
      return [pair, typeof group === 'number' ? (texts.get(group) ?? '') : 'none'];
    }),
  );
}

/**
 * Whether the host does other things with it than was written. Reasons change with the names of disks, kinds do not; what people
 * wrote no import can see.
 */
function usesDiffer({ hostUse: was }: PciFunction, { hostUse: now }: PciFunction): boolean {
  if (was === undefined || now === undefined) return false;
  return (
    now.some(({ kind }) => was.every((use) => use.kind !== kind)) ||
    was.some(({ kind, observed }) => observed === true && now.every((use) => use.kind !== kind))
  );
}

function differs<T>(was: T | undefined, now: T | undefined): boolean {
  return was !== undefined && now !== undefined && was !== now;
}
