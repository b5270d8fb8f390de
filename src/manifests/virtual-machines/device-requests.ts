import type { AnalysedMachine, AnalysedRequest, MachineShape, PlannedClaim } from '../../analysis';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import type { Place } from '../../source';

/** The two lists of a VM that hold devices, as KubeVirt spells them. */
export type DeviceList = 'gpus' | 'hostDevices';

const LISTS: readonly DeviceList[] = ['gpus', 'hostDevices'];

/** An entry that the fleet adds to a VM's own. */
export interface AddedEntry {
  readonly list: DeviceList;
  /** In the list, those of the user's spec included. */
  readonly index: number;
  readonly entry: JsonObject;
  readonly place: Place;
}

/**
 * The entries that the fleet adds to a VMI's spec, after those that stand in it and in the order of the fleet. An entry that
 * stands in the spec already, under the same name and for the same resource, is not added again.
 */
export function addedEntries(
  spec: JsonObject,
  requests: readonly AnalysedRequest[],
  claims: readonly PlannedClaim[],
): readonly AddedEntry[] {
  const added: AddedEntry[] = [];
  for (const list of LISTS) {
    const typed = listOf(spec, list);
    const first = added.length;
    for (const asked of requests) {
      const { request, deviceName, list: own } = asked;
      if (own !== list || request.inSpec) continue;
      const claim = claims.find((one) => one.request === asked);
      if (claim !== undefined) {
        added.push({
          list,
          index: typed.length + added.length - first,
          entry: claimedEntry(claim),
          place: request.place,
        });
        continue;
      }
      const { name, options, place } = request;
      const isSame = (entry: JsonValue): boolean =>
        isJsonObject(entry) && entry['name'] === name && entry['deviceName'] === deviceName;
      if (typed.some(isSame) || added.some((other, i) => i >= first && isSame(other.entry))) continue;
      const entry = deviceName === undefined ? { ...options, name } : { ...options, name, deviceName };
      added.push({ list, index: typed.length + added.length - first, entry, place });
    }
  }
  return added;
}

/** An entry that takes what a claim was given. */
function claimedEntry({ request: { request }, name, requestName }: PlannedClaim): JsonObject {
  return { ...request.options, name: request.name, claimName: name, requestName };
}

/** A spec's `resourceClaims` with those of the fleet's entries behind the typed ones. */
export function claimsWith(spec: JsonObject, claims: readonly PlannedClaim[]): readonly JsonValue[] {
  const listed = spec['resourceClaims'];
  const typed = Array.isArray(listed) ? (listed as readonly JsonValue[]) : [];
  return [
    ...typed,
    ...claims.map(({ name, kind, objectName }) =>
      kind === 'claim' ? { name, resourceClaimName: objectName } : { name, resourceClaimTemplateName: objectName },
    ),
  ];
}

/** What the fleet adds to a VM's own devices. */
export type AddedLists = Readonly<Record<DeviceList, readonly JsonObject[]>>;

/** Answers for each VM what the fleet adds; VMs of one shape share the answer, but for what they type or claim themselves. */
export class DeviceLists {
  private readonly byShape = new Map<MachineShape, AddedLists>();

  /** The entries that a VM's spec gets. */
  of({ machine: { spec }, requests, claims, shape }: AnalysedMachine): AddedLists {
    if (claims.length > 0 || LISTS.some((list) => listOf(spec, list).length > 0)) {
      return listed(addedEntries(spec, requests, claims));
    }
    let lists = this.byShape.get(shape);
    if (lists === undefined) this.byShape.set(shape, (lists = listed(addedEntries(spec, requests, claims))));
    return lists;
  }
}

function listed(added: readonly AddedEntry[]): AddedLists {
  const entriesOf = (list: DeviceList): JsonObject[] => added.flatMap((one) => (one.list === list ? [one.entry] : []));
  return { gpus: entriesOf('gpus'), hostDevices: entriesOf('hostDevices') };
}

/**
 * Adds entries to the devices of a spec, whose `domain` and `domain.devices` are the caller's own. A list stays absent when it would
 * be empty: an empty `hostDevices` needs the feature gate too (kubevirt.md fact 65).
 */
export function addDevices(spec: MutableObject, added: AddedLists): void {
  if (added.gpus.length + added.hostDevices.length === 0) return;
  const devices = mapIn(mapIn(spec, 'domain'), 'devices');
  for (const list of LISTS) {
    if (added[list].length === 0) continue;
    const typed = listOf(spec, list);
    devices[list] = typed.length === 0 ? added[list] : [...typed, ...added[list]];
  }
}

type MutableObject = Record<string, JsonValue | undefined>;

/** The map under a key, put there where there is none. */
function mapIn(object: MutableObject, key: string): MutableObject {
  const value = object[key];
  if (isJsonObject(value)) return value;
  const map: MutableObject = {};
  object[key] = map;
  return map;
}

function listOf(spec: JsonObject, list: DeviceList): readonly JsonValue[] {
  const typed = jsonAt(spec, 'domain', 'devices', list);
  return Array.isArray(typed) ? (typed as readonly JsonValue[]) : [];
}
