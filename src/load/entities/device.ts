import {
  isJsonObject,
  parsePciId,
  type Device,
  type DevicePluginChoice,
  type JsonObject,
  type MediatedHostDevice,
  type PciVendorSelector,
  type UsbHostDevice,
} from '../../model';
import type { Place } from '../../source';
import { below, isTrue, itemsOf, placedTexts, textOf, mapOf, type PlaceBelow } from './values';

/** A selector as typed, beside the form that virt-handler compares: `10DE:1EB8` and `10de:1eb8`. */
export function toPciVendorSelector(text: string, place: Place): PciVendorSelector {
  const id = parsePciId(text);
  return { text, id: id.ok ? id.value : undefined, place };
}

/**
 * One entry of `devices` as a device of the model.
 *
 * `devicePlugin` left out is KubeVirt itself, or with `externalResourceProvider: true` somebody else's plugin; the other way
 * round, a device that another plugin serves is external unless the entry says otherwise.
 *
 * @returns undefined when the entry does not say which one of `pci`, `mdev` and `usb` it is, or says it in a way that names
 * nothing.
 */
export function toDevice(name: string, value: unknown, at: PlaceBelow): Device | undefined {
  if (!isJsonObject(value)) return undefined;
  if (['pci', 'mdev', 'usb'].filter((kind) => value[kind] !== undefined).length !== 1) return undefined;
  const devicePlugin = toDevicePluginChoice(value['devicePlugin'], isTrue(value['externalResourceProvider']));
  const common = {
    name,
    resourceName: textOf(value['resourceName']),
    externalResourceProvider:
      typeof value['externalResourceProvider'] === 'boolean'
        ? value['externalResourceProvider']
        : devicePlugin.kind !== 'kubevirt',
    devicePlugin,
    place: at(),
  };
  if (value['pci'] !== undefined) {
    const selectors = placedTexts(value['pci'], below(at, 'pci')).map(({ text, place }) =>
      toPciVendorSelector(text, place),
    );
    return selectors.length === 0 ? undefined : { kind: 'pci', ...common, selectors };
  }
  if (value['mdev'] !== undefined) return toMediatedDevice(common, mapOf(value['mdev']), below(at, 'mdev'));
  const selectors = toUsbSelectors(mapOf(value['usb'])['selectors'], below(at, 'usb', 'selectors'));
  return selectors.length === 0 ? undefined : { kind: 'usb', ...common, selectors };
}

type Common = Pick<Device, 'name' | 'resourceName' | 'externalResourceProvider' | 'devicePlugin' | 'place'>;

function toDevicePluginChoice(value: unknown, isExternal: boolean): DevicePluginChoice {
  if (typeof value !== 'string') return { kind: isExternal ? 'none' : 'kubevirt' };
  if (value === 'kubevirt' || value === 'nvidia' || value === 'none') return { kind: value };
  return { kind: 'named', name: value };
}

function toMediatedDevice(common: Common, value: JsonObject, at: PlaceBelow): MediatedHostDevice | undefined {
  const typeName = textOf(value['name']);
  if (typeName === undefined) return undefined;
  const parent = textOf(value['parent']);
  return {
    kind: 'mdev',
    ...common,
    typeName,
    typeNamePlace: at('name'),
    typeId: textOf(value['typeId']),
    parent: parent === undefined ? undefined : toPciVendorSelector(parent, at('parent')),
  };
}

function toUsbSelectors(value: unknown, at: PlaceBelow): UsbHostDevice['selectors'] {
  return itemsOf(value).flatMap((item, i) => {
    const vendor = textOf(mapOf(item)['vendor']);
    const product = textOf(mapOf(item)['product']);
    return vendor === undefined || product === undefined ? [] : [{ vendor, product, place: at(i) }];
  });
}
