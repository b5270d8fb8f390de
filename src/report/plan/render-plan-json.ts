import {
  explainedPaths,
  nodesReached,
  type Change,
  type Disruption,
  type DisruptionReason,
  type Plan,
} from '../../plan';
import { jsonText } from '../json-text';
import { closingOf, notAllowed, type PlanToShow } from './plan-view';

/** Plans for programs, as `schema/plan.schema.json` describes them: one JSON object, indented by two, with a line end. */
export function renderPlanJson(plans: readonly PlanToShow[]): string {
  return jsonText({ version: 1, plans: plans.map(planJson) });
}

function planJson(shown: PlanToShow): object {
  const { plan, from, to, allowed } = shown;
  return {
    fleet: plan.fleet,
    from: { name: from, origin: plan.origin, fingerprint: plan.fingerprint },
    to: { name: to },
    changes: plan.changes.map(changeJson),
    counts: countsOf(plan),
    disruptions: plan.disruptions.map(disruptionJson),
    virtualMachines: plan.machines.map(({ restarts, ...effect }) => ({ ...effect, restarts: restarts ?? null })),
    capacity: plan.capacity.map(({ resource, before, after, losingNodes }) => ({
      resource,
      before: before ?? null,
      after: after ?? null,
      losingNodes,
    })),
    stranded: plan.stranded.map(({ resource, withoutNode, shortage }) => ({
      resource,
      withoutNode,
      shortage: shortage ?? null,
    })),
    mediatedRemovals: plan.mediatedRemovals.map(({ type, resource, nodes, deviceCount, machines }) => ({
      type,
      resource: resource ?? null,
      nodes,
      deviceCount: deviceCount ?? null,
      machines,
    })),
    handlerRestarts: plan.handlerRestarts,
    hazards: plan.hazards.map((hazard) => ({ ...hazard, isAllowed: allowed.has(hazard.name) })),
    notAllowed: notAllowed(shown),
    sequence: plan.sequence,
    summary: closingOf(shown),
  };
}

function countsOf({ changes, disruptions }: Plan): object {
  const count = (sign: Change['sign']): number => changes.filter((change) => change.sign === sign).length;
  const reboots = (when: Disruption['when']): number =>
    disruptions
      .filter((one) => one.act === 'reboot' && one.when === when)
      .reduce((sum, one) => sum + nodesReached(one), 0);
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    renamed: count('renamed'),
    nodesRebooting: reboots('merge'),
    nodesRebootingAtDeletion: reboots('deletion'),
  };
}

function changeJson(change: Change): object {
  const { kind, key, name, sign } = change;
  return {
    kind,
    sign,
    key,
    name,
    ...(change.sign === 'renamed' ? { newName: change.newName } : {}),
    fields:
      change.sign === 'added' || change.sign === 'removed'
        ? []
        : change.fields.map(({ field, from, to }) => ({ field, from: from ?? null, to: to ?? null })),
    files: explainedPaths(change),
  };
}

function disruptionJson(disruption: Disruption): object {
  const {
    unit,
    platform,
    act,
    when,
    nodes,
    nodeCount,
    pace,
    isPaused,
    reasons,
    inheritedFrom,
    leftBehind,
    needsReboot,
  } = disruption;
  return {
    unit,
    platform,
    act,
    when,
    nodes,
    nodeCount: nodeCount ?? null,
    nodesReached: nodesReached(disruption),
    atATime: pace.atATime ?? null,
    paceBecause: pace.because,
    isPaused,
    reasons: reasons.map(reasonJson),
    inheritedFrom: inheritedFrom ?? null,
    leftBehind,
    needsReboot,
  };
}

function reasonJson(reason: DisruptionReason): object {
  return reason.kind === 'joins' ? { ...reason, from: reason.from ?? null } : reason;
}
