import { compareText, type JsonObject, type JsonValue } from '../../model';
import { toMachineConfig, type MachineConfig } from '../../openshift';
import type { Place } from '../../source';
import { mapAt, type LiveObjects } from './live-objects';

/** A live MachineConfigPool. */
export interface LiveMachineConfigPool {
  readonly name: string;
  /** Undefined when its status does not say. */
  readonly machineCount: number | undefined;
  /** Labels that KubeletConfigs choose it by. */
  readonly labels: JsonObject;
  /** `matchLabels` and `matchExpressions` over labels of Nodes. */
  readonly nodeSelector: JsonValue | undefined;
  /** The same over labels of MachineConfigs. */
  readonly machineConfigSelector: JsonValue | undefined;
  readonly place: Place;
}

const GROUP = 'machineconfiguration.openshift.io';

/** Every live MachineConfig that people or an operator wrote, by name; what the render controller makes of them is left out. */
export function liveMachineConfigs(objects: LiveObjects): MachineConfig[] {
  return objects
    .of(GROUP, 'MachineConfig')
    .filter(({ name }) => !name.startsWith('rendered-'))
    .map(toMachineConfig)
    .sort((a, b) => compareText(a.name, b.name));
}

/** The live MachineConfigPools by name. */
export function liveMachineConfigPools(objects: LiveObjects): ReadonlyMap<string, LiveMachineConfigPool> {
  return new Map(
    objects.of(GROUP, 'MachineConfigPool').map(({ name, content, place }) => [
      name,
      {
        name,
        machineCount: machineCountOf(content),
        labels: mapAt(content, 'metadata', 'labels'),
        nodeSelector: mapAt(content, 'spec')['nodeSelector'],
        machineConfigSelector: mapAt(content, 'spec')['machineConfigSelector'],
        place,
      },
    ]),
  );
}

function machineCountOf(content: JsonObject): number | undefined {
  const counted = mapAt(content, 'status')['machineCount'];
  return typeof counted === 'number' && Number.isSafeInteger(counted) && counted >= 0 ? counted : undefined;
}
