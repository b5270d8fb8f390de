import { groupBy, isJsonObject, jsonAt, type CurrentObject, type Device, type JsonObject } from '../../model';
import { placeAt, type Place } from '../../source';
import { toPciVendorSelector } from '../entities/device';
import { isTrue, itemsOf, mapOf, textOf } from '../entities/values';

/** Where an object lists what is permitted, and what its fields are called there. */
export interface PermittedLists {
  readonly object: CurrentObject;
  readonly path: readonly string[];
  readonly pciSelector: 'pciVendorSelector' | 'pciDeviceSelector';
  readonly usbList: 'usb' | 'usbHostDevices';
}

/** One list item with its place. */
interface Item {
  readonly value: JsonObject;
  readonly place: Place;
}

/** Who serves what `externalResourceProvider: true` leaves to others; undefined: not known. */
export type ProviderOf = (resourceName: string) => 'nvidia' | undefined;

/**
 * The lists of permitted host devices of a KubeVirt object, or of a HyperConverged in either layout; undefined where the object has
 * none.
 *
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/tree/v1.20.0/api (v1beta1, v1)
 */
export function permittedLists(object: CurrentObject): PermittedLists | undefined {
  const layouts: readonly (Omit<PermittedLists, 'object'> & { readonly kind: string })[] = [
    {
      kind: 'KubeVirt',
      path: ['spec', 'configuration', 'permittedHostDevices'],
      pciSelector: 'pciVendorSelector',
      usbList: 'usb',
    },
    {
      kind: 'HyperConverged',
      path: ['spec', 'virtualization', 'permittedHostDevices'],
      pciSelector: 'pciDeviceSelector',
      usbList: 'usbHostDevices',
    },
    {
      kind: 'HyperConverged',
      path: ['spec', 'permittedHostDevices'],
      pciSelector: 'pciDeviceSelector',
      usbList: 'usbHostDevices',
    },
  ];
  const layout = layouts.find(
    ({ kind, path }) => kind === object.kind && isJsonObject(jsonAt(object.content, ...path)),
  );
  return layout === undefined ? undefined : { object, ...layout };
}

/**
 * The devices that one object permits; none where it has no lists. Who serves what others provide is not looked for.
 *
 * @param owner - a KubeVirt or HyperConverged object
 */
export function permittedDevicesOf(owner: CurrentObject): Device[] {
  const lists = permittedLists(owner);
  return lists === undefined ? [] : toPermittedDevices(lists, () => undefined);
}

/**
 * What is permitted, as devices. PCI entries of one resource name are one device, as virt-handler aggregates them; each entry of
 * the other lists is its own. Names that the cluster never compares are made unique: a device is called by its resource name.
 */
export function toPermittedDevices(lists: PermittedLists, providerOf: ProviderOf): Device[] {
  const { object, path, pciSelector, usbList } = lists;
  const root = jsonAt(object.content, ...path);
  const at = placeAt(object.place, ...path);
  const names = new Set<string>();
  const items = (list: string): Item[] =>
    itemsOf(jsonAt(root, list)).flatMap((value, i) =>
      isJsonObject(value) && !isTrue(value['disabled']) ? [{ value, place: placeAt(at, list, i) }] : [],
    );
  return [
    ...pciDevices(items('pciHostDevices'), pciSelector, names, providerOf),
    ...items('mediatedDevices').flatMap((item) => mediatedDevice(item, names, providerOf)),
    ...items(usbList).map((item) => usbDevice(item, names, providerOf)),
  ];
}

function common(
  { value, place }: Item,
  what: string,
  names: Set<string>,
  providerOf: ProviderOf,
): Omit<Device, 'kind' | 'selectors'> {
  const resourceName = textOf(value['resourceName']);
  const isExternal = isTrue(value['externalResourceProvider']);
  const provider = isExternal ? (providerOf(resourceName ?? '') ?? 'none') : 'kubevirt';
  return {
    name: uniqueName(resourceName ?? what, what, names),
    resourceName,
    externalResourceProvider: isExternal,
    devicePlugin: { kind: provider },
    place,
  };
}

function uniqueName(wanted: string, what: string, names: Set<string>): string {
  let name = wanted;
  for (let number = 1; names.has(name); number++)
    name = number === 1 ? `${wanted} (${what})` : `${wanted} (${what}, ${number})`;
  names.add(name);
  return name;
}

function pciDevices(items: readonly Item[], field: string, names: Set<string>, providerOf: ProviderOf): Device[] {
  const groups = groupBy(items, ({ value }) =>
    JSON.stringify([textOf(value['resourceName']) ?? null, isTrue(value['externalResourceProvider'])]),
  );
  return [...groups.values()].flatMap((group): Device[] => {
    const [first] = group;
    if (first === undefined) return [];
    const selectors = group.flatMap(({ value, place }) => {
      const text = textOf(value[field]);
      return text === undefined ? [] : [toPciVendorSelector(text, placeAt(place, field))];
    });
    return [{ kind: 'pci', dra: undefined, ...common(first, 'PCI', names, providerOf), selectors }];
  });
}

function mediatedDevice(item: Item, names: Set<string>, providerOf: ProviderOf): Device[] {
  const typeName = textOf(item.value['mdevNameSelector']);
  if (typeName === undefined) return [];
  return [
    {
      kind: 'mdev',
      ...common(item, typeName, names, providerOf),
      typeName,
      typeNamePlace: placeAt(item.place, 'mdevNameSelector'),
      typeId: undefined,
      parent: undefined,
    },
  ];
}

function usbDevice(item: Item, names: Set<string>, providerOf: ProviderOf): Device {
  const selectors = itemsOf(item.value['selectors']).flatMap((selector, i) => {
    const vendor = textOf(mapOf(selector)['vendor']);
    const product = textOf(mapOf(selector)['product']);
    const place = placeAt(item.place, 'selectors', i);
    return vendor === undefined || product === undefined ? [] : [{ vendor, product, place }];
  });
  return { kind: 'usb', ...common(item, 'USB', names, providerOf), selectors };
}
