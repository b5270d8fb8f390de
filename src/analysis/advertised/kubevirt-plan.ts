/*
 * What virt-handler makes of the allow-list before it looks at a node: maps from selector to resource name, in which the last
 * entry of the list wins, whoever wrote it. Entries with `externalResourceProvider: true` are passed over. The same on every
 * node, so it is made once.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/device_controller.go (updatePermittedHostDevicePlugins)
 */
import { normalisedMdevName } from '../../kubevirt';
import { isJsonObject, type JsonObject } from '../../model';
import type { PermittedEntry, PermittedList } from '../analysis';

/** A USB resource with its selectors: numbers, as virt-handler parses them. */
export interface PlannedUsbResource {
  readonly name: string;
  /** Undefined: a selector is not hexadecimal, so the resource is never exposed. */
  readonly selectors: readonly string[] | undefined;
}

/** The allow-list as virt-handler reads it. */
export interface KubeVirtPlan {
  /** By selector in lower case. */
  readonly pciNames: ReadonlyMap<string, string>;
  /** By type name with underscores. */
  readonly mediatedNames: ReadonlyMap<string, string>;
  /** In the order in which devices are claimed. */
  readonly usb: readonly PlannedUsbResource[];
}

/** Reads an allow-list as virt-handler does. */
export function kubeVirtPlan(permitted: ReadonlyMap<PermittedList, readonly PermittedEntry[]>): KubeVirtPlan {
  const pciNames = new Map<string, string>();
  const mediatedNames = new Map<string, string>();
  const usb: PlannedUsbResource[] = [];
  for (const { entry, name } of internalEntries(permitted.get('pciHostDevices'))) {
    const selector = entry['pciVendorSelector'];
    if (typeof selector === 'string') pciNames.set(selector.toLowerCase(), name);
  }
  for (const { entry, name } of internalEntries(permitted.get('mediatedDevices'))) {
    const selector = entry['mdevNameSelector'];
    if (typeof selector === 'string') mediatedNames.set(normalisedMdevName(selector), name);
  }
  for (const { entry, name } of internalEntries(permitted.get('usb'))) {
    usb.push({ name, selectors: usbSelectors(entry) });
  }
  return { pciNames, mediatedNames, usb };
}

function internalEntries(
  entries: readonly PermittedEntry[] = [],
): { readonly entry: JsonObject; readonly name: string }[] {
  return entries.flatMap(({ entry, isDisabled }) => {
    const name = entry['resourceName'];
    if (isDisabled === true) return [];
    return typeof name === 'string' && entry['externalResourceProvider'] !== true ? [{ entry, name }] : [];
  });
}

function usbSelectors(entry: JsonObject): string[] | undefined {
  const listed: unknown = entry['selectors'];
  const selectors = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  const parsed = selectors.map((selector) =>
    isJsonObject(selector) ? usbSelector(selector['vendor'], selector['product']) : undefined,
  );
  const known = parsed.filter((selector) => selector !== undefined);
  return known.length === parsed.length ? known : undefined;
}

/**
 * The form in which USB ids are compared, two numbers: `46f4:1` for `46F4` and `0001`; undefined when a part is not
 * hexadecimal. `0x` is not.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/usb_device.go (parseSelector)
 */
export function usbSelector(vendor: unknown, product: unknown): string | undefined {
  const [v, p] = [vendor, product].map((part) =>
    typeof part === 'string' && /^[+-]?[0-9a-f]{1,8}$/i.test(part) ? Number.parseInt(part, 16) : undefined,
  );
  return v === undefined || p === undefined ? undefined : `${v.toString(16)}:${p.toString(16)}`;
}
