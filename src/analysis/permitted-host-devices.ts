/*
 * The allow-list: one entry per selector of every device that has a resource name, then what the live object has besides.
 * The lists are atomic, whoever writes one writes all of it (kubevirt.md fact 3), so what others permitted is kept.
 */
import { normalisedMdevName } from '../kubevirt';
import { compareText, isJsonObject, type JsonObject, type JsonValue } from '../model';
import type { Place } from '../source';
import type { DroppedEntry, PermittedEntry, PermittedList, Resource } from './analysis';
import { livePermitted, type LiveConfiguration } from './current/live-configuration';

const LISTS: readonly PermittedList[] = ['pciHostDevices', 'mediatedDevices', 'usb'];

/** The lists with their entries, ours first, and what was live and is not in them. */
export interface PermittedLists {
  /** A list without entries is left out. */
  readonly permitted: ReadonlyMap<PermittedList, readonly PermittedEntry[]>;
  readonly dropped: readonly DroppedEntry[];
}

/** The lists as they will be. */
export function permittedHostDevices(
  resources: readonly Resource[],
  live: LiveConfiguration | undefined,
): PermittedLists {
  const ours = new Map<PermittedList, PermittedEntry[]>(LISTS.map((list) => [list, []]));
  const names = new Set<JsonValue | undefined>();
  for (const resource of resources) {
    if (resource.name === undefined) continue;
    names.add(resource.name);
    const { list, entries } = entriesOf(resource, resource.name);
    ours.get(list)?.push(...entries);
  }
  const permitted = new Map<PermittedList, PermittedEntry[]>();
  const dropped: DroppedEntry[] = [];
  for (const [list, entries] of ours) {
    const selectors = new Set(entries.map(({ entry }) => selectorKey(list, entry)));
    const disabled = new Map<string, Place>();
    const foreign: PermittedEntry[] = [];
    for (const one of livePermitted(live, list)) {
      const isOurs = names.has(one.entry['resourceName']) || selectors.has(selectorKey(list, one.entry));
      if (isOurs) {
        dropped.push({ list, ...one });
        if (one.isDisabled) disabled.set(mergeKey(list, one.entry), one.place);
      } else {
        foreign.push({ entry: one.entry, place: undefined, ...(one.isDisabled ? { isDisabled: true as const } : {}) });
      }
    }
    const own = entries.map((entry) => {
      const disabledAt = disabled.get(mergeKey(list, entry.entry));
      return disabledAt === undefined ? entry : { ...entry, disabledAt };
    });
    if (own.length + foreign.length > 0) permitted.set(list, [...own, ...foreign]);
  }
  return { permitted, dropped };
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
    case 'vgpu':
      // what nobody has said how to make is not permitted as anything
      return {
        list: 'pciHostDevices',
        entries:
          device.framework === undefined
            ? []
            : device.virtualFunctions.map(({ text, place }) => ({
                entry: { pciVendorSelector: text, ...rest },
                place,
              })),
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

/** What virt-handler tells two entries of a list apart by. */
export function selectorKey(list: PermittedList, entry: JsonObject): string {
  switch (list) {
    case 'pciHostDevices':
      return textOf(entry['pciVendorSelector']).toLowerCase();
    case 'mediatedDevices':
      return normalisedMdevName(textOf(entry['mdevNameSelector']));
    case 'usb':
      return JSON.stringify(inOneOrder(entry['selectors'] ?? entry['resourceName'] ?? null)).toLowerCase();
  }
}

/** Selectors with their keys in one order, which means nothing. */
function inOneOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(inOneOrder);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)));
}

/** What the API server tells two entries of one of HyperConverged's lists apart by, with its case. */
export function mergeKey(list: PermittedList, entry: JsonObject): string {
  switch (list) {
    case 'pciHostDevices':
      return textOf(entry['pciVendorSelector']);
    case 'mediatedDevices':
      return textOf(entry['mdevNameSelector']);
    case 'usb':
      return textOf(entry['resourceName']);
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
