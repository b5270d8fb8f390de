import type { Change } from '../changes/change';
import { counted } from '../words';
import type { Disruption } from './disruption';
import type { DisruptionReason } from './rendered-config';

/** A reason as a noun: `kernel arguments (+ iommu=pt)`. */
export function reasonsInWords(reason: DisruptionReason): string {
  switch (reason.kind) {
    case 'kernel-arguments':
      return `kernel arguments (${argumentsInWords(reason)})`;
    case 'file':
      return `file ${reason.name} (${reason.act})`;
    case 'unit':
      return `unit ${reason.name} (${reason.act})`;
    case 'kubelet':
      return `KubeletConfig ${reason.name} (${reason.act})`;
    case 'other-settings':
      return 'other settings of a MachineConfig';
    case 'joins':
      return `${counted(reason.nodes.length, 'node')} that ${reason.nodes.length === 1 ? 'comes' : 'come'} from ${reason.from === undefined ? 'worker' : `pool ${reason.from}`}`;
  }
}

function argumentsInWords({ from, to, isReordered }: Extract<DisruptionReason, { kind: 'kernel-arguments' }>): string {
  if (isReordered) return 'another order';
  const [had, has] = [[...from], [...to]];
  const added = has.filter((argument) => !take(had, argument));
  const removed = had;
  return [...added.map((one) => `+ ${one}`), ...removed.map((one) => `- ${one}`)].join(', ');
}

/** Takes one such item out of a list. */
function take(items: string[], item: string): boolean {
  const at = items.indexOf(item);
  if (at >= 0) items.splice(at, 1);
  return at >= 0;
}

/** Why nothing moves yet in a pool that is paused. */
export function pausedInWords(unit: string): string {
  return `machine config pool ${unit} is paused: nothing moves until its \`spec.paused\` is false`;
}

/** The keys of the changes behind a disruption: those of its unit, and of the unit that it inherits from. */
export function disruptionCauses({ unit, inheritedFrom }: Disruption, changes: readonly Change[]): string[] {
  const units = new Set([unit, inheritedFrom ?? unit]);
  return changes.filter((change) => isOfUnit(change, units)).map(({ key }) => key);
}

function isOfUnit(change: Change, units: ReadonlySet<string>): boolean {
  if (change.kind === 'unit') return units.has(change.name);
  if (change.kind !== 'config' && change.kind !== 'object' && change.kind !== 'node') return false;
  const subjects =
    change.sign === 'added'
      ? [change.after]
      : change.sign === 'removed'
        ? [change.before]
        : [change.before, change.after];
  return subjects.some(({ unit }) => unit !== undefined && units.has(unit));
}

/** What a node does that comes to a pool and reboots into it, `joins` or `join`; undefined: the nodes that are in it are meant. */
export function joinsInWords(disruption: Disruption): string | undefined {
  if (!disruption.reasons.some(({ kind }) => kind === 'joins')) return undefined;
  return isOneNode(disruption) ? 'joins' : 'join';
}

/** Whom a disruption reaches: `every node`, `at least 3 nodes`, `1 node`. */
export function nodesInWords({ unit, nodes, nodeCount }: Disruption): string {
  const reached = Math.max(nodes.length, nodeCount ?? 0);
  if (nodeCount === undefined && nodes.length === 0) return 'every node';
  // the fleet names all nodes of a pool of its own, and few of those that are workers
  const isPart = nodeCount === undefined && (unit === 'worker' || unit === 'master');
  return `${isPart ? 'at least ' : ''}${counted(reached, 'node')}`;
}

/** Whether a verb that follows {@link nodesInWords} is in the singular. */
export function isOneNode({ nodes, nodeCount }: Disruption): boolean {
  return (nodeCount === undefined && nodes.length === 0) || Math.max(nodes.length, nodeCount ?? 0) === 1;
}
