import type { FoundHazard } from '../diagnostics';
import type { Baseline } from './baseline/baseline';
import { formatBaseline } from './baseline/format-baseline';
import { hashOf } from './baseline/hashes';
import { diffBaselines } from './changes/diff-baselines';
import { findDisruptions } from './disruption/find-disruptions';
import { toSide } from './disruption/sides';
import { capacityChanges, strandedMachines } from './effects/capacity';
import { handlerRestarts } from './effects/handler-restarts';
import { machineEffects } from './effects/machine-effects';
import { mediatedRemovals } from './effects/mediated-removals';
import { groupMachines } from './effects/placement';
import { HAZARDS } from './hazards/all-hazards';
import type { PlanHazard } from './hazards/hazard';
import { mergeSequence } from './sequence/merge-sequence';
import type { Plan, PlanInput } from './plan';

/**
 * What merging the later baseline does to a cluster that is as the earlier one says. Pure; linear in nodes and VMs. Where nothing
 * differs, everything in it is empty.
 */
export function makePlan(before: Baseline, after: Baseline): Plan {
  const input = planInput(before, after);
  const { sides: _sides, groups: _groups, ...consequences } = input;
  const hazards = HAZARDS.flatMap((hazard) => found(hazard, input));
  return {
    fleet: after.fleet,
    origin: before.origin,
    fingerprint: fingerprintOf(before),
    ...consequences,
    hazards,
    sequence: mergeSequence(input, hazards),
  };
}

/** What hazards read. */
export function planInput(before: Baseline, after: Baseline): PlanInput {
  const sides = { before: toSide(before), after: toSide(after) };
  const groups = groupMachines(before);
  const changes = diffBaselines(before, after);
  if (changes.length === 0)
    return {
      sides,
      groups,
      changes,
      disruptions: [],
      machines: [],
      capacity: [],
      stranded: [],
      mediatedRemovals: [],
      handlerRestarts: [],
    };
  const disruptions = findDisruptions(sides);
  return {
    sides,
    groups,
    changes,
    disruptions,
    machines: machineEffects(disruptions, groups, after),
    capacity: capacityChanges(before, after),
    stranded: strandedMachines(before, after, groups),
    mediatedRemovals: mediatedRemovals(before, after, groups),
    handlerRestarts: handlerRestarts(before, after),
  };
}

function found(hazard: PlanHazard, input: PlanInput): FoundHazard[] {
  const { code, slug, name, severity } = hazard;
  return [...hazard.find(input)].map(({ message, radius, changes, notes = [], help = [] }) => ({
    code,
    slug,
    name,
    severity,
    needsAllowance: severity !== 'info',
    message,
    radius,
    notes,
    help,
    changes,
  }));
}

/** The same for equal baselines, whatever wrote them. */
export function fingerprintOf(baseline: Baseline): string {
  return hashOf(formatBaseline(baseline).map(({ path, text }) => [path, text]));
}
