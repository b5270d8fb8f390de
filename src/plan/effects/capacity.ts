import { compareNatural } from '../../model';
import type { Baseline } from '../baseline/baseline';
import { machineName } from '../changes/comparisons';
import { groupMachines, type MachineGroup } from './placement';

/** A resource of which the fleet's nodes advertise another number than before. */
export interface CapacityChange {
  readonly resource: string;
  /** Undefined: not known on some node. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Nodes that advertise fewer of it, natural order. */
  readonly losingNodes: readonly string[];
}

/** VMs that were provided for and are not any more. */
export interface StrandedMachines {
  readonly resource: string;
  /** `namespace/name` of those that have no node left, natural order. */
  readonly withoutNode: readonly string[];
  /** How many more are asked for than there are, where that was not so before; undefined: not known. */
  readonly shortage: number | undefined;
}

/** Resources whose number changes, natural order. */
export function capacityChanges(before: Baseline, after: Baseline): CapacityChange[] {
  const [earlier, later] = [countsOf(before), countsOf(after)];
  const names = [...new Set([...earlier.keys(), ...later.keys()])].sort(compareNatural);
  return names.flatMap((resource): CapacityChange[] => {
    const had = earlier.get(resource) ?? new Map<string, number | undefined>();
    const has = later.get(resource) ?? new Map<string, number | undefined>();
    const losingNodes = [...had].flatMap(([node, count]) => {
      const left = has.has(node) ? has.get(node) : 0;
      // where one of the two is not known nothing is said, unless nothing is left at all
      return left === 0 && count !== 0
        ? [node]
        : count !== undefined && left !== undefined && left < count
          ? [node]
          : [];
    });
    const [from, to] = [total(had), total(has)];
    if (losingNodes.length === 0 && (from === to || from === undefined || to === undefined)) return [];
    return [{ resource, before: from, after: to, losingNodes: losingNodes.sort(compareNatural) }];
  });
}

/** How many of each resource each node advertises; undefined: not known. */
export type Counts = ReadonlyMap<string, ReadonlyMap<string, number | undefined>>;

/** What the nodes of a fleet advertise. */
export function countsOf({ pools }: Pick<Baseline, 'pools'>): Counts {
  const counts = new Map<string, Map<string, number | undefined>>();
  for (const { nodes } of pools)
    for (const { name, advertises } of nodes)
      for (const [resource, count] of advertises) {
        const byNode = counts.get(resource);
        if (byNode === undefined) counts.set(resource, new Map([[name, count]]));
        else byNode.set(name, count);
      }
  return counts;
}

/** All of a resource; undefined: not known on some node. */
export function total(counts: ReadonlyMap<string, number | undefined>): number | undefined {
  let sum = 0;
  for (const count of counts.values()) {
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}

/**
 * VMs that a change leaves without what they ask for: none of their nodes has it any more, or all of them together ask for more than there
 * is. Of the VMs that run and stay; what they had before counts.
 */
export function strandedMachines(
  before: Baseline,
  after: Baseline,
  groups: readonly MachineGroup[],
): StrandedMachines[] {
  const later = groupMachines(after);
  const hadNode = new Set(
    groups.filter(({ nodes }) => nodes.length > 0).flatMap(({ machines }) => machines.map(keyOf)),
  );
  const known = new Set(before.machines.map(keyOf));
  const withoutNode = new Map<string, string[]>();
  for (const { machines, nodes, asks, runningCount } of later) {
    if (nodes.length > 0 || runningCount === 0) continue;
    const stranded = machines.filter((machine) => hadNode.has(keyOf(machine)) && known.has(keyOf(machine)));
    const [resource] = asks.keys();
    if (stranded.length === 0 || resource === undefined) continue;
    withoutNode.set(resource, [...(withoutNode.get(resource) ?? []), ...stranded.map(machineName)]);
  }
  const [demandBefore, demandAfter] = [demandOf(groups), demandOf(later)];
  const [supplyBefore, supplyAfter] = [countsOf(before), countsOf(after)];
  const names = [...new Set([...withoutNode.keys(), ...demandAfter.keys()])].sort(compareNatural);
  return names.flatMap((resource): StrandedMachines[] => {
    const none = withoutNode.get(resource) ?? [];
    const shortage = shortageOf(demandAfter.get(resource) ?? 0, supplyAfter.get(resource));
    const hadShortage = shortageOf(demandBefore.get(resource) ?? 0, supplyBefore.get(resource));
    const isNew = shortage !== undefined && shortage > 0 && shortage > (hadShortage ?? 0) && demandBefore.has(resource);
    if (none.length === 0 && !isNew) return [];
    return [{ resource, withoutNode: none.sort(compareNatural), shortage: isNew ? shortage : undefined }];
  });
}

function keyOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace}/${name}`;
}

/** How many of each resource the VMs that run ask for. */
export function demandOf(groups: readonly MachineGroup[]): ReadonlyMap<string, number> {
  const demand = new Map<string, number>();
  for (const { asks, runningCount } of groups)
    if (runningCount > 0)
      for (const [resource, count] of asks) demand.set(resource, (demand.get(resource) ?? 0) + count * runningCount);
  return demand;
}

function shortageOf(demand: number, supply: ReadonlyMap<string, number | undefined> | undefined): number | undefined {
  const there = supply === undefined ? 0 : total(supply);
  return there === undefined ? undefined : Math.max(0, demand - there);
}
