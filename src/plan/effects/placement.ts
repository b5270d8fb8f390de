import { compareNatural, groupBy } from '../../model';
import type { Baseline, MachineState, NodeState } from '../baseline/baseline';

/** VMs that ask for the same and may be on the same nodes. */
export interface MachineGroup {
  readonly machines: readonly MachineState[];
  /** How many of them run, replicas counted, as far as is declared. */
  readonly runningCount: number;
  /** How many of each resource one of them asks for. */
  readonly asks: ReadonlyMap<string, number>;
  /** The nodes of the fleet that its placement leaves and that advertise what it asks for, or may. */
  readonly nodes: readonly string[];
  /** Whether it can be on nothing but nodes of the fleet: it asks for a resource, or its placement names nodes. */
  readonly isBound: boolean;
}

/** Whatever a baseline has of VMs, in groups. Linear in VMs, and in nodes for each group. */
export function groupMachines({ pools, machines }: Baseline): MachineGroup[] {
  const placement = new Placement(pools);
  const groups = groupBy(
    machines,
    ({ candidates, gpus, hostDevices, evictionStrategy, restarts, isHalted, replicas }) =>
      JSON.stringify([candidates, gpus, hostDevices, evictionStrategy, restarts, isHalted, replicas]),
  );
  return [...groups.values()].flatMap((own): MachineGroup[] => {
    const [first] = own;
    if (first === undefined) return [];
    const asks = asksOf(first);
    const isOnAnyNode = first.candidates.length === 1 && first.candidates[0] === '*';
    return [
      {
        machines: own,
        runningCount: first.isHalted === true ? 0 : own.length * first.replicas,
        asks,
        nodes: placement.nodesFor(first.candidates, asks),
        isBound: asks.size > 0 || !isOnAnyNode,
      },
    ];
  });
}

/** How many of each resource a VM asks for; entries whose resource is not known count under the empty name. */
export function asksOf({ gpus, hostDevices }: MachineState): ReadonlyMap<string, number> {
  const asks = new Map<string, number>();
  for (const resource of [...gpus, ...hostDevices]) asks.set(resource, (asks.get(resource) ?? 0) + 1);
  return asks;
}

/** Which nodes of a fleet the words of a baseline mean. */
export class Placement {
  private readonly nodes = new Map<string, NodeState>();
  private readonly pools = new Map<string, readonly string[]>();
  private readonly known = new Map<string, readonly string[]>();

  /** Of the pools of one side. */
  constructor(pools: Baseline['pools']) {
    for (const pool of pools) {
      this.pools.set(
        pool.name,
        pool.nodes.map(({ name }) => name),
      );
      for (const node of pool.nodes) this.nodes.set(node.name, node);
    }
  }

  /** The nodes that such words leave and that advertise what is asked for, or may; natural order. */
  nodesFor(candidates: readonly string[], asks: ReadonlyMap<string, number>): readonly string[] {
    const key = JSON.stringify([candidates, [...asks]]);
    let nodes = this.known.get(key);
    if (nodes === undefined) {
      nodes = this.candidates(candidates).filter((name) => this.mayHold(name, asks));
      this.known.set(key, nodes);
    }
    return nodes;
  }

  /** The nodes that `*`, `pool/NAME` and names of nodes leave, natural order. */
  candidates(words: readonly string[]): string[] {
    const names = words.flatMap((word) => {
      if (word === '*') return [...this.nodes.keys()];
      return word.startsWith('pool/') ? (this.pools.get(word.slice('pool/'.length)) ?? []) : [word];
    });
    return [...new Set(names)].sort(compareNatural);
  }

  /** A count that is not known may be enough; what it is not said to advertise it has none of. */
  private mayHold(name: string, asks: ReadonlyMap<string, number>): boolean {
    const advertises = this.nodes.get(name)?.advertises;
    if (advertises === undefined) return asks.size === 0;
    return [...asks].every(
      ([resource, wanted]) =>
        resource === '' || (advertises.has(resource) && (advertises.get(resource) ?? wanted) >= wanted),
    );
  }
}
