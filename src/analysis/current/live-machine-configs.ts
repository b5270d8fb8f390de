import { compareText, type CurrentObject, type JsonObject, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';
import { dataUrlText } from './data-url';
import { listAt, liveTexts, mapAt, textAt, type LiveObjects, type LiveText } from './live-objects';

/** The label that says which pool a MachineConfig is for. */
export const ROLE_LABEL = 'machineconfiguration.openshift.io/role';

/** A file that a live MachineConfig writes. */
export interface LiveFile {
  readonly path: string;
  /** Undefined when it cannot be decoded. */
  readonly text: string | undefined;
  readonly place: Place;
}

/** A live MachineConfig that people or an operator wrote; what the render controller makes of them is left out. */
export interface LiveMachineConfig {
  readonly name: string;
  /** The pool that its label names; undefined: no label, so it is in no pool. */
  readonly role: string | undefined;
  readonly kernelArguments: readonly LiveText[];
  readonly files: readonly LiveFile[];
  readonly units: readonly LiveText[];
  /** The kind of its owner, `PerformanceProfile`; undefined: it has none. */
  readonly ownedBy: string | undefined;
  readonly place: Place;
}

/** A live MachineConfigPool. */
export interface LiveMachineConfigPool {
  readonly name: string;
  /** Undefined when its status does not say. */
  readonly machineCount: number | undefined;
  /** `matchLabels` and `matchExpressions` over labels of Nodes. */
  readonly nodeSelector: JsonValue | undefined;
  readonly place: Place;
}

const GROUP = 'machineconfiguration.openshift.io';

/** Every live MachineConfig, by name. */
export function liveMachineConfigs(objects: LiveObjects): LiveMachineConfig[] {
  return objects
    .of(GROUP, 'MachineConfig')
    .filter(({ name }) => !name.startsWith('rendered-'))
    .map((object) => {
      const labels = mapAt(object.content, 'metadata', 'labels');
      return {
        name: object.name,
        role: textAt(labels, ROLE_LABEL),
        kernelArguments: liveTexts(object, 'spec', 'kernelArguments'),
        files: toFiles(object),
        units: toUnits(object),
        ownedBy: textAt(listAt(object.content, 'metadata', 'ownerReferences')[0], 'kind'),
        place: object.place,
      };
    })
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
        nodeSelector: mapAt(content, 'spec')['nodeSelector'],
        place,
      },
    ]),
  );
}

/**
 * The MachineConfigs that a pool gets, in the order in which they are merged: those of `worker` by name, then the others by
 * name. A custom pool gets the ones of `worker` too; names are compared as texts, so `100-x` comes before `99-x`.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go (MergeMachineConfigs)
 */
export function effectiveMachineConfigs(
  configs: readonly LiveMachineConfig[],
  machineConfigPool: string,
): LiveMachineConfig[] {
  const own = configs.filter(({ role }) => role === machineConfigPool);
  if (machineConfigPool === 'worker' || machineConfigPool === 'master') return own;
  return [...configs.filter(({ role }) => role === 'worker'), ...own];
}

function machineCountOf(content: JsonObject): number | undefined {
  const counted = mapAt(content, 'status')['machineCount'];
  return typeof counted === 'number' && Number.isSafeInteger(counted) && counted >= 0 ? counted : undefined;
}

function toFiles({ content, place }: CurrentObject): LiveFile[] {
  const path = ['spec', 'config', 'storage', 'files'] as const;
  return listAt(content, ...path).flatMap((file, i) => {
    const name = textAt(file, 'path');
    if (name === undefined) return [];
    const source = textAt(file, 'contents', 'source');
    const text = source === undefined ? '' : dataUrlText(source, textAt(file, 'contents', 'compression'));
    return [{ path: name, text, place: placeAt(place, ...path, i, 'path') }];
  });
}

function toUnits({ content, place }: CurrentObject): LiveText[] {
  const path = ['spec', 'config', 'systemd', 'units'] as const;
  return listAt(content, ...path).flatMap((unit, i) => {
    const text = textAt(unit, 'name');
    return text === undefined ? [] : [{ text, place: placeAt(place, ...path, i, 'name') }];
  });
}
