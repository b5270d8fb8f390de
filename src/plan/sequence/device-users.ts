import { machineName } from '../changes/comparisons';
import type { PlanInput } from '../plan';
import { shortList } from '../words';

/** The users of devices by what is done to stop them. */
export interface UsersByKind {
  readonly machines: readonly string[];
  /** VirtualMachineInstances, which have no switch. */
  readonly instances: readonly string[];
  /** Pools and replica sets. */
  readonly sets: readonly string[];
  /** What the fleet no longer has, of any kind. */
  readonly removed: readonly string[];
}

/** Users by their kinds, as either side has them. */
export function kindsOf({ sides }: PlanInput, users: readonly string[]): UsersByKind {
  const kinds = new Map(sides.after.baseline.machines.map((one) => [machineName(one), one.kind]));
  const those = (...wanted: readonly string[]): string[] =>
    users.filter((user) => wanted.includes(kinds.get(user) ?? ''));
  return {
    machines: those('VirtualMachine'),
    instances: those('VirtualMachineInstance'),
    sets: those('VirtualMachinePool', 'VirtualMachineInstanceReplicaSet'),
    removed: users.filter((user) => !kinds.has(user)),
  };
}

/** What is done so that they let their devices go: one clause for each kind. */
export function releaseTitle({ machines, instances, sets, removed }: UsersByKind): string {
  const stops = [
    ...(machines.length === 0 ? [] : [`stop ${shortList(machines)} (\`runStrategy: Halted\`)`]),
    ...(sets.length === 0 ? [] : [`scale ${shortList(sets)} down (\`replicas: 0\`)`]),
  ];
  return [
    ...(stops.length === 0 ? [] : [`${stops.join(', ')}, and take the devices out of ${them([...machines, ...sets])}`]),
    // what leaves Git is not pruned
    ...(removed.length === 0 ? [] : [`stop ${shortList(removed)} and delete ${them(removed)}`]),
    ...(instances.length === 0 ? [] : [`take ${shortList(instances)} out of Git and delete ${them(instances)}`]),
  ].join('; ');
}

/** What is done so that they run again. */
export function returnTitle({ machines, instances, sets }: UsersByKind): string {
  return [
    ...(machines.length === 0 ? [] : [`start ${shortList(machines)} again`]),
    ...(sets.length === 0 ? [] : [`scale ${shortList(sets)} up again`]),
    ...(instances.length === 0 ? [] : [`make ${shortList(instances)} anew`]),
  ].join(', ');
}

function them({ length }: readonly string[]): string {
  return length === 1 ? 'it' : 'them';
}
