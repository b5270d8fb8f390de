import { livePermitted, type LiveConfiguration, type LiveEntry } from '../analysis';
import { configurationLayout } from '../kubevirt';
import { jsonAt, type CurrentObject, type Fleet, type JsonValue } from '../model';
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

/** The resource names that the live owner of the configuration permits, in all its lists. */
export function permittedNames(live: LiveConfiguration | undefined): Set<string> {
  const lists = ['pciHostDevices', 'mediatedDevices', 'usb'] as const;
  const entries = lists.flatMap((list) => livePermitted(live, list)).filter(({ isDisabled }) => !isDisabled);
  return new Set(entries.map(({ entry }) => entry['resourceName']).filter((name) => typeof name === 'string'));
}

/** The entry of a resource name that the live HyperConverged object has and does not pass on to KubeVirt. */
export function turnedOffEntry({ cluster: { current = [] } }: Fleet, name: string): LiveEntry | undefined {
  const lists = ['pciHostDevices', 'mediatedDevices', 'usb'] as const;
  return current
    .filter(({ kind }) => kind === 'HyperConverged')
    .flatMap((object) => {
      const layout = configurationLayout(object);
      return layout === undefined ? [] : lists.flatMap((list) => livePermitted({ object, layout }, list));
    })
    .find(({ entry, isDisabled }) => isDisabled && entry['resourceName'] === name);
}

/** A list in a live object; an empty one where there is none. */
export function listOf(live: CurrentObject | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  return itemsOf(jsonAt(live?.content, ...path));
}

function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
