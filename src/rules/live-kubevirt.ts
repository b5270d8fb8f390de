import { jsonAt, type CurrentObject, type JsonValue } from '../model';
import { placeAt, type Place } from '../source';

/** A text in a list of a live object. */
export interface LiveText {
  readonly text: string;
  readonly place: Place;
}

/** The texts of a list in a live object; what is no text is passed over. */
export function liveTexts(live: CurrentObject | undefined, ...path: readonly (string | number)[]): LiveText[] {
  if (live === undefined) return [];
  return itemsOf(jsonAt(live.content, ...path)).flatMap((text, i) =>
    typeof text === 'string' ? [{ text, place: placeAt(live.place, ...path, i) }] : [],
  );
}

/** The gates that the live KubeVirt object turns off; the field exists from KubeVirt 1.8 on. */
export function disabledGates(live: CurrentObject | undefined): LiveText[] {
  return liveTexts(live, 'spec', 'configuration', 'developerConfiguration', 'disabledFeatureGates');
}

/** The resource names that the live KubeVirt object permits, in all its sections. */
export function permittedNames(live: CurrentObject | undefined): Set<string> {
  const names = new Set<string>();
  if (live === undefined) return names;
  for (const section of ['pciHostDevices', 'mediatedDevices', 'usb']) {
    for (const entry of itemsOf(jsonAt(live.content, 'spec', 'configuration', 'permittedHostDevices', section))) {
      const name = jsonAt(entry, 'resourceName');
      if (typeof name === 'string') names.add(name);
    }
  }
  return names;
}

/** A list in a live object; an empty one where there is none. */
export function listOf(live: CurrentObject | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  return itemsOf(jsonAt(live?.content, ...path));
}

function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
