import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import { listAt, ROLE_LABEL } from '../../openshift';
import type { ConfigState, ObjectState } from './baseline';
import { hashOf } from './hashes';

/**
 * A MachineConfig as the machine config daemon compares two of them: kernel arguments as a list in order, files and units entry by
 * entry, everything else as one.
 *
 * An entry of a file is compared as it stands, so the same text in another encoding is another file; `overwrite` is true and `mode`
 * 0644 where they are left out, as the operator fills them in.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go (CalculateConfigFileDiffs, MergeMachineConfigs)
 */
export function toConfigState(object: ObjectState, content: JsonObject): ConfigState {
  const role = jsonAt(content, 'metadata', 'labels', ROLE_LABEL);
  const spec = mapOf(jsonAt(content, 'spec'));
  const { kernelArguments: _arguments, config: _config, ...rest } = spec;
  const config = mapOf(spec['config']);
  const { storage: _storage, systemd: _systemd, ignition: _ignition, ...otherConfig } = config;
  const { files: _files, ...otherStorage } = mapOf(config['storage']);
  return {
    ...object,
    role: typeof role === 'string' ? role : '',
    kernelArguments: listAt(spec, 'kernelArguments').filter((one): one is string => typeof one === 'string'),
    files: named(listAt(config, 'storage', 'files'), 'path', (file) => ({ mode: 0o644, ...file, overwrite: true })),
    units: named(listAt(config, 'systemd', 'units'), 'name', (unit) => unit),
    rest: hashOf([withoutEmpty(rest), withoutEmpty(otherConfig), withoutEmpty(otherStorage)]),
  };
}

function named(
  entries: readonly JsonValue[],
  key: string,
  complete: (entry: JsonObject) => JsonObject,
): ReadonlyMap<string, string> {
  return new Map(
    entries.flatMap((entry) => {
      const name = jsonAt(entry, key);
      return isJsonObject(entry) && typeof name === 'string' ? [[name, hashOf(complete(entry))] as const] : [];
    }),
  );
}

/** What the operator fills in as empty, in objects read from a cluster, is what is not there in those that are written. */
function withoutEmpty(map: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(map).filter(([, value]) => {
      if (value === undefined || value === null || value === '' || value === false) return false;
      if (Array.isArray(value)) return value.length > 0;
      return !isJsonObject(value) || Object.keys(withoutEmpty(value)).length > 0;
    }),
  );
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
