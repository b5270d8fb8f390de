/*
 * The allow-list: one entry per selector of every device that has a resource name, then what the live object has besides.
 * The lists are atomic, whoever writes one writes all of it (kubevirt.md fact 3), so what others permitted is kept.
 */
import { normalisedMdevName } from '../kubevirt';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../model';
import type { PermittedEntry, PermittedList, Resource } from './analysis';

const LISTS: readonly PermittedList[] = ['pciHostDevices', 'mediatedDevices', 'usb'];

/** The lists with their entries, ours first; a list without entries is left out. */
export function permittedHostDevices(
  resources: readonly Resource[],
  live: JsonObject | undefined,
): ReadonlyMap<PermittedList, readonly PermittedEntry[]> {
  const ours = new Map<PermittedList, PermittedEntry[]>(LISTS.map((list) => [list, []]));
  const names = new Set<JsonValue | undefined>();
  for (const resource of resources) {
    if (resource.name === undefined) continue;
    names.add(resource.name);
    const { list, entries } = entriesOf(resource, resource.name);
    ours.get(list)?.push(...entries);
  }
  const permitted = new Map<PermittedList, PermittedEntry[]>();
  for (const [list, entries] of ours) {
    const selectors = new Set(entries.map(({ entry }) => selectorKey(list, entry)));
    const foreign = liveEntries(live, list)
      .filter((entry) => !names.has(entry['resourceName']) && !selectors.has(selectorKey(list, entry)))
      .map((entry) => ({ entry, place: undefined }));
    if (entries.length + foreign.length > 0) permitted.set(list, [...entries, ...foreign]);
  }
  return permitted;
}

function entriesOf(
  { device, isExternal }: Resource,
  resourceName: string,
): { readonly list: PermittedList; readonly entries: readonly PermittedEntry[] } {
  const rest = { resourceName, ...(isExternal ? { externalResourceProvider: true } : {}) };
  switch (device.kind) {
    case 'pci':
      return {
        list: 'pciHostDevices',
        entries: device.selectors.map(({ text, place }) => ({ entry: { pciVendorSelector: text, ...rest }, place })),
      };
    case 'mdev':
      return {
        list: 'mediatedDevices',
        entries: [{ entry: { mdevNameSelector: device.typeName, ...rest }, place: device.typeNamePlace }],
      };
    case 'usb': {
      const selectors = device.selectors.map(({ vendor, product }) => ({ vendor, product }));
      // virt-handler never ends on an entry of its own without selectors (kubevirt.md fact 21)
      if (selectors.length === 0 && !isExternal) return { list: 'usb', entries: [] };
      const entry = { ...rest, ...(selectors.length === 0 ? {} : { selectors }) };
      return { list: 'usb', entries: [{ entry, place: device.place }] };
    }
  }
}

function liveEntries(live: JsonObject | undefined, list: PermittedList): JsonObject[] {
  const entries = jsonAt(live, 'spec', 'configuration', 'permittedHostDevices', list);
  return Array.isArray(entries) ? (entries as readonly JsonValue[]).filter((entry) => isJsonObject(entry)) : [];
}

/** What virt-handler tells two entries of a list apart by. */
function selectorKey(list: PermittedList, entry: JsonObject): string {
  switch (list) {
    case 'pciHostDevices':
      return textOf(entry['pciVendorSelector']).toLowerCase();
    case 'mediatedDevices':
      return normalisedMdevName(textOf(entry['mdevNameSelector']));
    case 'usb':
      return JSON.stringify(entry['selectors'] ?? entry['resourceName'] ?? null).toLowerCase();
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
