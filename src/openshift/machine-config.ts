import { isJsonObject, jsonAt, type CurrentObject, type JsonObject, type JsonValue } from '../model';
import { placeAt, type Place } from '../source';
import { decodeDataUrl } from './data-url';

/** The label by which pools choose their MachineConfigs. */
export const ROLE_LABEL = 'machineconfiguration.openshift.io/role';

/** A file that a MachineConfig writes. */
export interface MachineConfigFile {
  readonly path: string;
  /** Where its path stands. */
  readonly pathPlace: Place;
  /** Undefined where it cannot be decoded. */
  readonly text: string | undefined;
  /** Where its contents stand. */
  readonly place: Place;
}

/** What a MachineConfig does to a node, as far as host devices are concerned. */
export interface MachineConfig {
  readonly name: string;
  /** The pool that its label names; undefined: no label, so it is in no pool. */
  readonly role: string | undefined;
  readonly labels: JsonObject;
  /** In their order; what is no text is passed over. */
  readonly kernelArguments: readonly { readonly text: string; readonly place: Place }[];
  readonly files: readonly MachineConfigFile[];
  /** Names of systemd units. */
  readonly units: readonly { readonly text: string; readonly place: Place }[];
  /** The kind of its owner, `PerformanceProfile`; undefined: it has none. */
  readonly ownedBy: string | undefined;
  readonly object: CurrentObject;
}

/**
 * Reads a MachineConfig as the machine-config-operator does; whatever has another form than it should counts as not there.
 *
 * @see https://github.com/openshift/api/blob/release-4.20/machineconfiguration/v1/types.go (MachineConfigSpec)
 */
export function toMachineConfig(object: CurrentObject): MachineConfig {
  const { content, place, name } = object;
  const labels = jsonAt(content, 'metadata', 'labels');
  const units = ['spec', 'config', 'systemd', 'units'] as const;
  return {
    name,
    role: textOrUndefined(jsonAt(labels, ROLE_LABEL)),
    labels: isJsonObject(labels) ? labels : {},
    kernelArguments: listAt(content, 'spec', 'kernelArguments').flatMap((text, i) =>
      typeof text === 'string' ? [{ text, place: placeAt(place, 'spec', 'kernelArguments', i) }] : [],
    ),
    files: listAt(content, 'spec', 'config', 'storage', 'files').flatMap((file, i) =>
      toFile(file, placeAt(place, 'spec', 'config', 'storage', 'files', i)),
    ),
    units: listAt(content, ...units).flatMap((unit, i) => {
      const text = jsonAt(unit, 'name');
      return typeof text === 'string' ? [{ text, place: placeAt(place, ...units, i, 'name') }] : [];
    }),
    ownedBy: textOrUndefined(jsonAt(listAt(content, 'metadata', 'ownerReferences')[0], 'kind')),
    object,
  };
}

function toFile(file: JsonValue, place: Place): MachineConfigFile[] {
  const path = jsonAt(file, 'path');
  if (typeof path !== 'string') return [];
  const source = jsonAt(file, 'contents', 'source');
  const compression = jsonAt(file, 'contents', 'compression');
  const decoded =
    typeof source === 'string'
      ? decodeDataUrl(source, typeof compression === 'string' ? compression : undefined)
      : undefined;
  return [
    {
      path,
      pathPlace: placeAt(place, 'path'),
      text: decoded?.ok === true ? decoded.value : undefined,
      place: placeAt(place, 'contents', 'source'),
    },
  ];
}

function textOrUndefined(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The items of a list at a path of keys; none where there is no list. */
export function listAt(value: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  const list = jsonAt(value, ...path);
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}
