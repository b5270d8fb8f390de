import type { BlastRadius, Hazard } from '../../diagnostics';
import { compareNatural } from '../../model';
import type { PlanInput } from '../plan';

/** A hazard of a plan. */
export type PlanHazard = Hazard<PlanInput>;

/** Gives a hazard its type, and its name from its slug. */
export function defineHazard(hazard: Omit<PlanHazard, 'name'>): PlanHazard {
  return { ...hazard, name: hazard.slug.replace(/^plan\//, '') };
}

/** A radius of these nodes and VMs; `nodeCount` where there are more nodes than have names. */
export function radiusOf(nodes: Iterable<string>, machines: Iterable<string>, nodeCount = 0): BlastRadius {
  const names = [...new Set(nodes)].sort(compareNatural);
  return {
    nodes: names,
    nodeCount: Math.max(names.length, nodeCount),
    machines: [...new Set(machines)].sort(compareNatural),
  };
}
