/*
 * What the KubeVirt object and HyperConverged say about devices, wherever they keep it. A cluster has one of each at most;
 * HyperConverged writes the KubeVirt object, so where both are there the two say the same.
 */
import { liveKubeVirt } from '../analysis';
import { isJsonObject, jsonAt, type CurrentObject, type Fleet, type JsonObject, type JsonValue } from '../model';
import { placeAt, type Place } from '../source';
import { disabledGates } from './live-kubevirt';

/** A value with its place. */
export interface PlacedValue<Value extends JsonValue = JsonValue> {
  readonly value: Value;
  readonly place: Place;
}

/** A text with its place. */
export interface PlacedText {
  readonly text: string;
  readonly place: Place;
}

/** The present name of a list of types to create, and the deprecated one. */
const TYPE_LISTS = ['mediatedDeviceTypes', 'mediatedDevicesTypes'];

const MEDIATED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  KubeVirt: [['spec', 'configuration', 'mediatedDevicesConfiguration']],
  HyperConverged: [
    ['spec', 'virtualization', 'mediatedDevicesConfiguration'],
    ['spec', 'mediatedDevicesConfiguration'],
  ],
};

/** The one object of the two that counts: KubeVirt's own where it is there. */
export function configuringObject(fleet: Fleet): CurrentObject | undefined {
  if (fleet.origin === 'declared') return liveKubeVirt(fleet);
  const objects = fleet.cluster.current ?? [];
  return objects.find(({ kind }) => kind === 'KubeVirt') ?? objects.find(({ kind }) => kind === 'HyperConverged');
}

/** What is said about the making of mediated devices; undefined where nothing is said. */
export function mediatedConfiguration(fleet: Fleet): PlacedValue<JsonObject> | undefined {
  const object = configuringObject(fleet);
  for (const path of MEDIATED[object?.kind ?? ''] ?? []) {
    const value = jsonAt(object?.content, ...path);
    if (object !== undefined && isJsonObject(value)) return { value, place: placeAt(object.place, ...path) };
  }
  return undefined;
}

/** The entries for single nodes of such a configuration. */
export function nodeConfigurations({ value, place }: PlacedValue<JsonObject>): PlacedValue<JsonObject>[] {
  return itemsAt({ value, place }, 'nodeMediatedDeviceTypes').flatMap((item) =>
    isJsonObject(item.value) ? [{ value: item.value, place: item.place }] : [],
  );
}

/** The types to create that a configuration lists, under the present name of the list and under the deprecated one. */
export function listedTypes(holder: PlacedValue<JsonObject>): PlacedText[] {
  return TYPE_LISTS.flatMap((list) => textsAt(holder, list));
}

/** The types that are to be created, of the list that counts: the deprecated one is read where the other is empty. */
export function wantedTypes(holder: PlacedValue<JsonObject>): PlacedText[] {
  const [present, deprecated] = TYPE_LISTS.map((list) => textsAt(holder, list));
  return (present?.length === 0 ? deprecated : present) ?? [];
}

function textsAt(holder: PlacedValue<JsonObject>, list: string): PlacedText[] {
  return itemsAt(holder, list).flatMap(({ value, place }) =>
    typeof value === 'string' ? [{ text: value, place }] : [],
  );
}

function itemsAt({ value, place }: PlacedValue<JsonObject>, list: string): PlacedValue[] {
  const items = value[list];
  return (Array.isArray(items) ? (items as readonly JsonValue[]) : []).map((item, i) => ({
    value: item,
    place: placeAt(place, list, i),
  }));
}

/** Whether virt-handler makes and removes mediated devices: `enabled` beats the gate `DisableMDEVConfiguration`. */
export function handlesMediatedDevices(fleet: Fleet): boolean {
  const enabled = mediatedConfiguration(fleet)?.value['enabled'];
  if (typeof enabled === 'boolean') return enabled;
  return !fleet.cluster.kubevirt.featureGates.some(({ name }) => name === 'DisableMDEVConfiguration');
}

/** Gates that an object both lists and turns off. */
export function gatesOnBothSides(fleet: Fleet): { readonly name: string; readonly on: Place; readonly off: Place }[] {
  const object = configuringObject(fleet);
  if (object?.kind !== 'KubeVirt') return [];
  return disabledGates(object).flatMap(({ text, place }) => {
    const on = fleet.cluster.kubevirt.featureGates.find(({ name }) => name === text);
    return on === undefined ? [] : [{ name: text, on: on.place, off: place }];
  });
}
