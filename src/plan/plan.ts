import type { FoundHazard } from '../diagnostics';
import type { Baseline } from './baseline/baseline';
import type { Change } from './changes/change';
import type { Disruption } from './disruption/disruption';
import type { Sides } from './disruption/sides';
import type { CapacityChange, StrandedMachines } from './effects/capacity';
import type { HandlerRestart } from './effects/handler-restarts';
import type { MachineEffect } from './effects/machine-effects';
import type { MediatedRemoval } from './effects/mediated-removals';
import type { MachineGroup } from './effects/placement';

/** What follows from a change, without a judgement. */
export interface Consequences {
  readonly changes: readonly Change[];
  readonly disruptions: readonly Disruption[];
  readonly machines: readonly MachineEffect[];
  readonly capacity: readonly CapacityChange[];
  readonly stranded: readonly StrandedMachines[];
  readonly mediatedRemovals: readonly MediatedRemoval[];
  readonly handlerRestarts: readonly HandlerRestart[];
}

/** What a hazard reads: the consequences, both sides, and the VMs of the earlier one in groups. */
export interface PlanInput extends Consequences {
  readonly sides: Sides;
  readonly groups: readonly MachineGroup[];
}

/** What merging a change does. */
export interface Plan extends Consequences {
  readonly fleet: string;
  /** Where the earlier side comes from. */
  readonly origin: Baseline['origin'];
  /** A hash of the earlier side: a plan is about no other one. */
  readonly fingerprint: string;
  readonly hazards: readonly FoundHazard[];
  /** Ordered merges that are safe where this one is not; empty where it is. */
  readonly sequence: readonly MergeStep[];
}

/** One merge of a sequence. */
export interface MergeStep {
  /** An instruction in the imperative. */
  readonly title: string;
  /** Why it comes before the next one. */
  readonly why: string;
  /** Keys of the changes that belong to it; empty for what is done by hand. */
  readonly changes: readonly string[];
  /** What has to be so before the next merge. */
  readonly waitFor: string;
}
