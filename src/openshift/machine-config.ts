import { isJsonObject, jsonAt, type CurrentObject, type JsonObject, type JsonValue } from '../model';
import { placeAt, type Place } from '../source';
import { decodeDataUrl } from './data-url';

/** The label by which pools choose their MachineConfigs. */
export const ROLE_LABEL = 'machineconfiguration.openshift.io/role';

/** A file that a MachineConfig writes. */
export interface MachineConfigFile {
  readonly path: string;
  /** Undefined where it cannot be decoded. */
  readonly text: string | undefined;
  /** Where its contents stand. */
  readonly place: Place;
}

/** What a MachineConfig does to a node, as far as host devices are concerned. */
export interface MachineConfig {
  readonly name: string;
  readonly labels: JsonObject;
  /** In their order; what is no text is passed over. */
  readonly kernelArguments: readonly { readonly text: string; readonly place: Place }[];
  readonly files: readonly MachineConfigFile[];
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
  return {
    name,
    labels: isJsonObject(labels) ? labels : {},
    kernelArguments: listAt(content, 'spec', 'kernelArguments').flatMap((text, i) =>
      typeof text === 'string' ? [{ text, place: placeAt(place, 'spec', 'kernelArguments', i) }] : [],
    ),
    files: listAt(content, 'spec', 'config', 'storage', 'files').flatMap((file, i) =>
      toFile(file, placeAt(place, 'spec', 'config', 'storage', 'files', i)),
    ),
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
    { path, text: decoded?.ok === true ? decoded.value : undefined, place: placeAt(place, 'contents', 'source') },
  ];
}

/** The items of a list at a path of keys; none where there is no list. */
export function listAt(value: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  const list = jsonAt(value, ...path);
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}
