import {
  isJsonObject,
  parsePciId,
  type Device,
  type DevicePluginChoice,
  type DraAllocation,
  type JsonObject,
  type MediatedHostDevice,
  type NodeInventory,
  type PciVendorSelector,
  type UsbHostDevice,
  type VgpuHostDevice,
} from '../../model';
import type { Place } from '../../source';
import { vgpuFramework, virtualFunctionIds } from './vgpu-framework';
import { below, choiceOf, isTrue, itemsOf, placedTexts, textOf, mapOf, type PlaceBelow } from './values';

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
 * A `vgpu` becomes what its framework makes of it: a mediated device, or a virtual function under the vendor's driver. The
 * framework is the declared one, else the one that the inventories show.
 *
 * @returns undefined when the entry does not say which one of `pci`, `mdev`, `vgpu` and `usb` it is, or says it in a way that
 * names nothing.
 */
export function toDevice(
  name: string,
  value: unknown,
  inventories: readonly NodeInventory[],
  at: PlaceBelow,
): Device | undefined {
  if (!isJsonObject(value)) return undefined;
  if (KINDS.filter((kind) => value[kind] !== undefined).length !== 1) return undefined;
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
    return selectors.length === 0
      ? undefined
      : { kind: 'pci', ...common, dra: toDraAllocation(value, below(at, 'dra')), selectors };
  }
  if (value['mdev'] !== undefined) return toMediatedDevice(common, mapOf(value['mdev']), below(at, 'mdev'));
  if (value['vgpu'] !== undefined) return toVgpu(common, mapOf(value['vgpu']), inventories, below(at, 'vgpu'));
  const selectors = toUsbSelectors(mapOf(value['usb'])['selectors'], below(at, 'usb', 'selectors'));
  return selectors.length === 0 ? undefined : { kind: 'usb', ...common, selectors };
}

const KINDS = ['pci', 'mdev', 'vgpu', 'usb'] as const;

type Common = Pick<Device, 'name' | 'resourceName' | 'externalResourceProvider' | 'devicePlugin' | 'place'>;

function toDevicePluginChoice(value: unknown, isExternal: boolean): DevicePluginChoice {
  if (typeof value !== 'string') return { kind: isExternal ? 'none' : 'kubevirt' };
  if (value === 'kubevirt' || value === 'nvidia' || value === 'none') return { kind: value };
  return { kind: 'named', name: value };
}

/** Only under `allocation: dra`: what says it without is a finding. */
function toDraAllocation(value: JsonObject, at: PlaceBelow): DraAllocation | undefined {
  if (value['allocation'] !== 'dra') return undefined;
  const dra = mapOf(value['dra']);
  const gates = dra['driverFeatureGates'];
  return {
    driver: textOf(dra['driver']) ?? '',
    deviceClassName: textOf(dra['deviceClassName']) ?? '',
    driverFeatureGates:
      gates === undefined
        ? undefined
        : placedTexts(gates, below(at, 'driverFeatureGates')).map(({ text, place }) => ({ name: text, place })),
    place: at(),
  };
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

function toVgpu(
  common: Common,
  value: JsonObject,
  inventories: readonly NodeInventory[],
  at: PlaceBelow,
): MediatedHostDevice | VgpuHostDevice | undefined {
  const typeName = textOf(value['type']);
  const parentText = textOf(value['parent']);
  if (typeName === undefined || parentText === undefined) return undefined;
  const parent = toPciVendorSelector(parentText, at('parent'));
  const type = { ...common, typeName, typeNamePlace: at('type'), parent };
  const framework =
    choiceOf(value['framework'], ['mdev', 'vendor-vfio']) ?? vgpuFramework(parent.id, typeName, inventories);
  if (framework === 'mdev') return { kind: 'mdev', ...type, typeId: undefined, isVgpu: true };
  const ids = virtualFunctionIds(parent.id, inventories);
  return {
    kind: 'vgpu',
    ...type,
    framework,
    virtualFunctions: ids.some((id) => id !== parent.id)
      ? ids.map((id) => ({ text: id, id, place: parent.place }))
      : [parent],
  };
}

function toUsbSelectors(value: unknown, at: PlaceBelow): UsbHostDevice['selectors'] {
  return itemsOf(value).flatMap((item, i) => {
    const vendor = textOf(mapOf(item)['vendor']);
    const product = textOf(mapOf(item)['product']);
    return vendor === undefined || product === undefined ? [] : [{ vendor, product, place: at(i) }];
  });
}
