import { compareNatural } from '../../model';
import type { Baseline, ClusterState, MachineState } from '../baseline/baseline';
import { machineName } from '../changes/comparisons';
import type { Disruption } from '../disruption/disruption';
import { countsOf, demandOf, total, type Counts } from './capacity';
import { isMigratable } from './migratable';
import type { MachineGroup } from './placement';

/**
 * What happens to a VM when its node is drained. `stopped`: KubeVirt lets it be evicted; `migrated`; `blocks-drain`: its eviction is
 * denied, and the drain waits; `left-to-others`: its strategy is `External`.
 */
export type DrainFate = 'stopped' | 'migrated' | 'blocks-drain' | 'left-to-others';

/** VMs that share a fate on the nodes of a unit. */
export interface MachineEffect {
  readonly unit: string;
  readonly when: Disruption['when'];
  readonly fate: DrainFate;
  readonly because: string;
  /** `namespace/name`, natural order. */
  readonly machines: readonly string[];
  /** Whether they are on one of these nodes for certain; else they may be. */
  readonly isCertain: boolean;
  /** Whether there is a node that could take one over while as many nodes are out as are taken at a time. */
  readonly hasElsewhere: boolean;
  /** What the VMs that run ask for in vain while as many nodes are out: of two that share two cards, one finds none. */
  readonly missing: readonly MissingResource[];
  /** Whether KubeVirt starts it again once it was stopped; undefined: not known. */
  readonly restarts: boolean | undefined;
}

/** A resource of which there is too little for a time. */
export interface MissingResource {
  readonly resource: string;
  readonly count: number;
}

/** Why some of the VMs find no other node. */
export function missingInWords({ resource, count }: MissingResource): string {
  return `while a node is out ${count} ${resource} ${count === 1 ? 'is' : 'are'} missing: not every VM finds another node`;
}

/** What each disruption that drains nodes does to the VMs that may be on them. */
export function machineEffects(
  disruptions: readonly Disruption[],
  groups: readonly MachineGroup[],
  { pools, cluster }: Pick<Baseline, 'pools' | 'cluster'>,
): MachineEffect[] {
  const supply = countsOf({ pools });
  const demand = demandOf(groups);
  const drains = disruptions.filter(({ act }) => act === 'reboot' || act === 'drain');
  const byNode = new Map<string, Disruption[]>();
  for (const disruption of drains)
    for (const name of disruption.nodes) {
      const known = byNode.get(name);
      if (known === undefined) byNode.set(name, [disruption]);
      else known.push(disruption);
    }
  const effects = new Map<string, { readonly effect: MachineEffect; readonly machines: string[] }>();
  for (const group of groups) {
    const [first] = group.machines;
    if (first === undefined || group.runningCount === 0) continue;
    const hit = new Map<Disruption, number>();
    for (const node of group.nodes) for (const one of byNode.get(node) ?? []) hit.set(one, (hit.get(one) ?? 0) + 1);
    for (const [disruption, count] of hit) {
      const isCertain = group.isBound && count === group.nodes.length;
      const out = Math.min(count, disruption.pace.atATime ?? 1);
      const hasElsewhere = !group.isBound || group.nodes.length > out;
      const { fate, because } = fateOf(first, cluster, hasElsewhere);
      const { unit, when } = disruption;
      const effect: MachineEffect = {
        unit,
        when,
        fate,
        because,
        machines: [],
        isCertain,
        hasElsewhere,
        missing: hasElsewhere ? missingWhile(disruption, [...group.asks.keys()], supply, demand) : [],
        restarts: first.restarts,
      };
      const key = JSON.stringify(effect);
      const known = effects.get(key) ?? { effect, machines: [] };
      for (const machine of group.machines) known.machines.push(machineName(machine));
      effects.set(key, known);
    }
  }
  return [...effects.values()]
    .map(({ effect, machines }) => ({ ...effect, machines: machines.sort(compareNatural) }))
    .sort((a, b) => compareNatural(a.unit, b.unit) || compareNatural(b.when, a.when) || order(a) - order(b));
}

/** What is missing because the nodes with the most of it are out, as many as are taken at a time. */
function missingWhile(
  { nodes, pace }: Disruption,
  resources: readonly string[],
  supply: Counts,
  demand: ReadonlyMap<string, number>,
): MissingResource[] {
  const out = new Set(nodes);
  return resources.flatMap((resource): MissingResource[] => {
    const counts = supply.get(resource) ?? new Map<string, number | undefined>();
    const all = total(counts);
    if (all === undefined) return [];
    const lost = [...counts]
      .flatMap(([node, count]) => (out.has(node) ? [count ?? 0] : []))
      .sort((a, b) => b - a)
      .slice(0, pace.atATime ?? 1)
      .reduce((sum, count) => sum + count, 0);
    const wanted = demand.get(resource) ?? 0;
    const count = Math.max(0, wanted - (all - lost)) - Math.max(0, wanted - all);
    return count > 0 ? [{ resource, count }] : [];
  });
}

const ORDER: readonly DrainFate[] = ['blocks-drain', 'stopped', 'left-to-others', 'migrated'];

function order({ fate, isCertain }: MachineEffect): number {
  return ORDER.indexOf(fate) * 2 + (isCertain ? 0 : 1);
}

function fateOf(
  machine: MachineState,
  cluster: ClusterState,
  hasElsewhere: boolean,
): Pick<MachineEffect, 'fate' | 'because'> {
  const { evictionStrategy } = machine;
  const migrates = isMigratable(machine, cluster);
  switch (evictionStrategy) {
    case 'LiveMigrate':
      if (!migrates)
        return {
          fate: 'blocks-drain',
          because: 'its devices keep it from migrating, and `LiveMigrate` denies every other eviction',
        };
      return hasElsewhere
        ? { fate: 'migrated', because: 'nothing that it asks for keeps it from migrating' }
        : { fate: 'blocks-drain', because: 'no other node can take it over' };
    case 'LiveMigrateIfPossible':
      return migrates && hasElsewhere
        ? { fate: 'migrated', because: 'nothing that it asks for keeps it from migrating' }
        : {
            fate: 'stopped',
            because: migrates ? 'no other node can take it over' : 'its devices keep it from migrating',
          };
    case 'External':
      return { fate: 'left-to-others', because: 'its evictionStrategy is `External`' };
    default:
      return { fate: 'stopped', because: 'its evictionStrategy is `None`' };
  }
}
