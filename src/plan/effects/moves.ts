import type { MachineState } from '../baseline/baseline';
import type { Sides } from '../disruption/sides';
import { asksOf, Placement } from './placement';

/** Which VMs may run where their placement does not let them afterwards; thousands share a few placements. */
export class Moves {
  private readonly earlier: Placement;
  private readonly later: Placement;
  private readonly known = new Map<string, boolean>();

  /** For the VMs of two sides. */
  constructor({ before, after }: Sides) {
    this.earlier = new Placement(before.baseline.pools);
    this.later = new Placement(after.baseline.pools);
  }

  /**
   * Whether a VM may be on a node that is none of those of its placement afterwards: `pool: a` that becomes `pool: b`. A pool that grows moves
   * nothing, and neither does a node that leaves the fleet where nothing binds the VM to nodes of the fleet.
   */
  isMoved(before: MachineState, after: MachineState): boolean {
    const asks = asksOf(before);
    if (asks.size === 0 && isAnyNode(before) && isAnyNode(after)) return false;
    const key = JSON.stringify([before.candidates, [...asks], after.candidates]);
    let isMoved = this.known.get(key);
    if (isMoved === undefined) {
      const left = new Set(this.later.candidates(after.candidates));
      isMoved = this.earlier.nodesFor(before.candidates, asks).some((node) => !left.has(node));
      this.known.set(key, isMoved);
    }
    return isMoved;
  }
}

function isAnyNode({ candidates }: MachineState): boolean {
  return candidates.length === 1 && candidates[0] === '*';
}
