import type { FoundHazard } from '../../diagnostics';
import type { MergeStep, PlanInput } from '../plan';

/** Ordered merges that are safe where the plan is not. */
export function mergeSequence(_input: PlanInput, _hazards: readonly FoundHazard[]): MergeStep[] {
  return [];
}
