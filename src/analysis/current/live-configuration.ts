/*
 * What the live owner of KubeVirt's configuration says about host devices, in KubeVirt's own words: HyperConverged keeps the same
 * things in other places and under other names.
 */
import { configurationLayout, type ConfigurationLayout } from '../../kubevirt';
import { isJsonObject, jsonAt, type CurrentObject, type Fleet, type JsonObject, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';
import type { LiveEntry, PermittedList } from '../analysis';
import { currentCluster, liveKubeVirt } from './current-cluster';

/** The live object that the fleet writes into, and where it keeps what. */
export interface LiveConfiguration {
  readonly object: CurrentObject;
  readonly layout: ConfigurationLayout;
}

/** The live object that the fleet writes into; undefined where it is not known. */
export function liveConfiguration(fleet: Fleet): LiveConfiguration | undefined {
  const object = currentCluster(fleet)?.owner;
  const layout = object === undefined ? undefined : configurationLayout(object);
  return object === undefined || layout === undefined ? undefined : { object, layout };
}

/** The entries of a list of permitted devices. */
export function livePermitted(live: LiveConfiguration | undefined, list: PermittedList): LiveEntry[] {
  if (live === undefined) return [];
  const { layout } = live;
  return entriesAt(live, [...layout.permitted, list === 'usb' ? layout.usbList : list]).map(({ value, place }) => ({
    entry: list === 'pciHostDevices' ? inKubeVirtsWords(value, layout) : without(value, 'disabled', layout),
    isDisabled: layout.kind === 'HyperConverged' && value['disabled'] === true,
    place,
  }));
}

/** The entries that say which mediated devices are made on which nodes. */
export function liveNodeTypes(live: LiveConfiguration | undefined): LiveEntry[] {
  if (live === undefined) return [];
  return entriesAt(live, [...live.layout.mediated, 'nodeMediatedDeviceTypes']).map(({ value, place }) => ({
    entry: live.layout.kind === 'HyperConverged' ? underPresentName(value) : value,
    isDisabled: false,
    place,
  }));
}

/** The newer version of HyperConverged does not know the deprecated list, which counts where the other is empty (fact 123). */
function underPresentName(value: JsonObject): JsonObject {
  const { mediatedDevicesTypes: deprecated, ...rest } = value;
  if (deprecated === undefined) return value;
  const present = rest['mediatedDeviceTypes'];
  return Array.isArray(present) && present.length > 0 ? rest : { ...rest, mediatedDeviceTypes: deprecated };
}

function entriesAt(
  { object }: LiveConfiguration,
  path: readonly string[],
): { readonly value: JsonObject; readonly place: Place }[] {
  const entries = jsonAt(object.content, ...path);
  return (Array.isArray(entries) ? (entries as readonly JsonValue[]) : []).flatMap((value, i) =>
    isJsonObject(value) ? [{ value, place: placeAt(object.place, ...path, i) }] : [],
  );
}

function inKubeVirtsWords(value: JsonObject, layout: ConfigurationLayout): JsonObject {
  if (layout.pciSelector === 'pciVendorSelector') return value;
  const { [layout.pciSelector]: selector, ...rest } = without(value, 'disabled', layout);
  return selector === undefined ? rest : { pciVendorSelector: selector, ...rest };
}

function without(value: JsonObject, key: string, layout: ConfigurationLayout): JsonObject {
  if (layout.kind === 'KubeVirt' || !Object.hasOwn(value, key)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

/** What the live cluster says about the making of mediated devices: KubeVirt's own object where it is known, or else HyperConverged. */
export function liveMediatedSettings(fleet: Fleet): JsonObject | undefined {
  const own = jsonAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'mediatedDevicesConfiguration');
  if (isJsonObject(own)) return own;
  const live = liveConfiguration(fleet);
  const settings = live === undefined ? undefined : jsonAt(live.object.content, ...live.layout.mediated);
  return isJsonObject(settings) ? settings : undefined;
}
