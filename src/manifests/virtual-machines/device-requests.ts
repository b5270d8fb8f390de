import type { AnalysedRequest } from '../../analysis';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import type { Place } from '../../source';

/** The two lists of a VM that hold devices, as KubeVirt spells them. */
export type DeviceList = 'gpus' | 'hostDevices';

const LISTS: readonly DeviceList[] = ['gpus', 'hostDevices'];

/** Where an added entry comes from: its place by list and index. */
export interface AddedEntry {
  readonly list: DeviceList;
  readonly index: number;
  readonly place: Place;
}

/**
 * A VMI's spec with the entries that the fleet adds, after those that stand in it and in the order of the fleet. An entry
 * that stands in the spec already, under the same name and for the same resource, is not added again. A list stays absent
 * when it would be empty: an empty `hostDevices` needs the feature gate too (kubevirt.md fact 65).
 */
export function withDevices(
  spec: JsonObject,
  requests: readonly AnalysedRequest[],
): { readonly spec: JsonObject; readonly added: readonly AddedEntry[] } {
  const added: AddedEntry[] = [];
  const lists: Record<string, JsonValue> = {};
  for (const list of LISTS) {
    const typed = jsonAt(spec, 'domain', 'devices', list);
    const entries = Array.isArray(typed) ? [...(typed as readonly JsonValue[])] : [];
    for (const { request, deviceName, list: own } of requests) {
      if (own !== list || request.inSpec) continue;
      if (entries.some((entry) => isSameRequest(entry, request.name, deviceName))) continue;
      added.push({ list, index: entries.length, place: request.place });
      entries.push({ ...request.options, name: request.name, ...(deviceName === undefined ? {} : { deviceName }) });
      lists[list] = entries;
    }
  }
  if (added.length === 0) return { spec, added };
  const domain = objectOr(spec['domain']);
  const devices = objectOr(domain['devices']);
  return { spec: { ...spec, domain: { ...domain, devices: { ...devices, ...lists } } }, added };
}

function isSameRequest(entry: JsonValue, name: string, deviceName: string | undefined): boolean {
  return isJsonObject(entry) && entry['name'] === name && entry['deviceName'] === deviceName;
}

function objectOr(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
