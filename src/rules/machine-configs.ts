/*
 * MachineConfigs that no fleet wrote, as rules read them. Pools are put together once for each list of objects.
 */
import { jsonAt, type CurrentObject, type Fleet, type JsonValue } from '../model';
import { listAt, machineConfigPools, toMachineConfig, type MachineConfig, type MachineConfigPool } from '../openshift';
import { placeAt, type Place } from '../source';

const POOLS = new WeakMap<readonly CurrentObject[], readonly MachineConfigPool[]>();

/** The machine config pools among the objects of a fleet. */
export function configPools({ cluster }: Fleet): readonly MachineConfigPool[] {
  const objects = cluster.current ?? [];
  let pools = POOLS.get(objects);
  if (pools === undefined) POOLS.set(objects, (pools = machineConfigPools(objects)));
  return pools;
}

/** Every MachineConfig among the objects but those that the operator rendered. */
export function machineConfigs({ cluster }: Fleet): MachineConfig[] {
  return (cluster.current ?? [])
    .filter(({ kind, name }) => kind === 'MachineConfig' && !name.startsWith('rendered-'))
    .map(toMachineConfig);
}

/** Those that people wrote; what an API server prints is in force already and has its findings in the cluster. */
export function writtenConfigs(fleet: Fleet): MachineConfig[] {
  return machineConfigs(fleet).filter(({ object }) => isWritten(object));
}

/** Whether people wrote an object: what an API server prints has a `uid`. */
export function isWritten({ content }: CurrentObject): boolean {
  return jsonAt(content, 'metadata', 'uid') === undefined;
}

/** The files of a MachineConfig as they stand in it. */
export function filesOf({ object }: MachineConfig): { readonly value: JsonValue; readonly place: Place }[] {
  const path = ['spec', 'config', 'storage', 'files'];
  return listAt(object.content, ...path).map((value, i) => ({ value, place: placeAt(object.place, ...path, i) }));
}
