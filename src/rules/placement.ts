/*
 * What the nodes on which a VM may run can give it. VMs repeat a few shapes, and the analysis gives VMs of one placement the
 * same list of candidates: answers are kept by that list.
 */
import type { AnalysedMachine, AnalysedNode, Analysis, Resource } from '../analysis';
import { isProvisionKnown, supplyOf, type Demand } from './machines';

/** A demand that no candidate covers, with what the best of them has. */
export interface ShortDemand {
  readonly demand: Demand;
  /** The most that one candidate has of it. */
  readonly most: number;
}

const MOST = new WeakMap<readonly AnalysedNode[], Map<Resource, number>>();

/** Of what a VM asks for, that of which no single candidate has enough. Counts that are not known are enough. */
export function shortDemands({ candidates }: AnalysedMachine, demands: readonly Demand[]): ShortDemand[] {
  return demands.flatMap((demand) => {
    if (!isProvisionKnown(demand.resource)) return [];
    const most = mostOf(candidates, demand.resource);
    return most < demand.count ? [{ demand, most }] : [];
  });
}

/** Whether one candidate covers all demands together. */
export function coversAll(node: AnalysedNode, demands: readonly Demand[]): boolean {
  return demands.every(
    ({ resource, count }) => !isProvisionKnown(resource) || (supplyOf(node, resource) ?? count) >= count,
  );
}

function mostOf(candidates: readonly AnalysedNode[], resource: Resource): number {
  let known = MOST.get(candidates);
  if (known === undefined) MOST.set(candidates, (known = new Map<Resource, number>()));
  let most = known.get(resource);
  if (most === undefined) {
    most = 0;
    for (const node of candidates) most = Math.max(most, supplyOf(node, resource) ?? Number.MAX_SAFE_INTEGER);
    known.set(resource, most);
  }
  return most;
}

/** Whether what a VM says about where it runs meets on no node of the fleet, which is `vm/impossible-placement`. */
export function isImpossible(analysis: Analysis, { machine, candidates }: AnalysedMachine): boolean {
  if (candidates.length > 0) return false;
  // with a selector alone the VM may run on a node that is not part of the fleet
  if (machine.node === undefined && machine.pool === undefined) return false;
  return machine.pool === undefined || analysis.poolByName.get(machine.pool)?.nodes.length !== 0;
}
