import type { CurrentObject, Device, JsonObject } from '../model';
import type { Pointer } from '../source';
import type { DocumentPart } from './adoption';
import type { LeftList } from './left-objects';
import { freeId } from './names';

/** A device of the fleet that is written, with the one that was read. */
export interface AdoptedDevice {
  readonly id: string;
  readonly device: Device;
}

/**
 * What is permitted, as the section `devices`. What cannot be a device of a fleet is left in the live lists, where it is kept.
 *
 * @param owner - the object whose lists they are
 */
export function adoptDevices(
  permitted: readonly Device[],
  owner: CurrentObject,
  left: LeftList,
): { readonly devices: readonly AdoptedDevice[]; readonly section: DocumentPart } {
  const taken = new Set<string>();
  const names = new Map<string, Device>();
  const devices: AdoptedDevice[] = [];
  const value: Record<string, JsonObject> = {};
  const comments = new Map<Pointer, string>();
  for (const device of permitted) {
    const reason = reasonAgainst(device, names);
    if (reason !== undefined) {
      left.add(`entry of ${owner.kind}`, device.resourceName ?? device.name, reason);
      continue;
    }
    const id = freeId(device.resourceName ?? device.name, taken);
    if (device.resourceName !== undefined) names.set(device.resourceName, device);
    devices.push({ id, device });
    value[id] = valueOf(device);
    if (device.externalResourceProvider) {
      comments.set(`/${id}`, 'served by a device plugin that somebody else deployed; hostdev deploys none');
    }
  }
  return { devices, section: { value, comments } };
}

function reasonAgainst(device: Device, names: ReadonlyMap<string, Device>): string | undefined {
  if (device.resourceName === undefined || device.resourceName.trim() === '') return 'it has no `resourceName`';
  if (names.has(device.resourceName)) return 'another entry of another form has its `resourceName`';
  switch (device.kind) {
    case 'pci':
      if (device.selectors.length === 0) return 'it has no selector';
      return device.selectors.every(({ id }) => id !== undefined)
        ? undefined
        : 'its selector is no `vendor:device` of four hexadecimal digits each';
    case 'usb':
      return device.selectors.length > 0 &&
        device.selectors.every(({ vendor, product }) => isHex4(vendor) && isHex4(product))
        ? undefined
        : 'its selectors are not `vendor` and `product` of four hexadecimal digits each';
    case 'mdev':
      return device.typeName.trim() === '' ? 'its selector is empty' : undefined;
    case 'vgpu':
      return 'who makes it does not show in it';
  }
}

function isHex4(text: string): boolean {
  return /^[0-9a-f]{4}$/i.test(text);
}

function valueOf(device: Device): JsonObject {
  const { resourceName = '', externalResourceProvider } = device;
  const provider = externalResourceProvider ? { externalResourceProvider: true, devicePlugin: 'none' } : {};
  switch (device.kind) {
    case 'pci':
      return { pci: device.selectors.map(({ text }) => text), resourceName, ...provider };
    case 'usb':
      return {
        usb: { selectors: device.selectors.map(({ vendor, product }) => ({ vendor, product })) },
        resourceName,
        ...provider,
      };
    case 'mdev':
    case 'vgpu':
      return { mdev: { name: device.typeName }, resourceName, ...provider };
  }
}
