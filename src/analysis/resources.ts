import {
  environmentVariableOf,
  mediatedSocketName,
  nvidiaDeviceName,
  nvidiaPluginResourceName,
  nvidiaPluginSocketName,
  nvidiaVgpuResourceName,
  pciSocketName,
  usbSocketName,
  type DeviceVariable,
} from '../kubevirt';
import type { Device, Fleet, NodePool } from '../model';
import type { Resource, ResourceServer } from './analysis';
import { selectorIds } from './bindings';

/** Every device of the fleet with its resource name and who serves it. */
export function fleetResources(fleet: Fleet): Resource[] {
  return fleet.devices.map((device) => {
    const server = serverOf(device);
    const derivedName = device.resourceName === undefined && server !== 'dra' ? deriveName(fleet, device) : undefined;
    // what is claimed has no resource, whatever name was written
    const name = server === 'dra' ? undefined : (device.resourceName ?? derivedName);
    return {
      device,
      name,
      derived: derivedName !== undefined,
      server,
      socket: name === undefined ? undefined : socketOf(device, server, name),
      variable: name === undefined ? undefined : environmentVariableOf(VARIABLES[device.kind], name),
      isExternal: device.externalResourceProvider,
      pools: fleet.nodePools.filter((pool) => poolDeclares(pool, device)),
    };
  });
}

function serverOf(device: Device): ResourceServer {
  if (device.kind === 'pci' && device.dra !== undefined) return 'dra';
  switch (device.devicePlugin.kind) {
    case 'kubevirt':
    case 'nvidia':
      return device.devicePlugin.kind;
    case 'none':
    case 'named':
      return 'other';
  }
}

const VARIABLES: Readonly<Record<Device['kind'], DeviceVariable>> = {
  pci: 'PCI_RESOURCE',
  mdev: 'MDEV_PCI_RESOURCE',
  vgpu: 'PCI_RESOURCE',
  usb: 'USB_RESOURCE',
};

/** Of a plugin that is neither KubeVirt's nor NVIDIA's nothing is known. */
function socketOf({ kind }: Device, server: ResourceServer, name: string): string | undefined {
  if (server !== 'kubevirt') return server === 'nvidia' ? nvidiaPluginSocketName(name) : undefined;
  switch (kind) {
    case 'pci':
    case 'vgpu':
      return pciSocketName(name);
    case 'mdev':
      return mediatedSocketName(name);
    case 'usb':
      return usbSocketName(name);
  }
}

/** A device in the list of another kind is a finding of its own, and provides nothing. */
function poolDeclares({ passthrough, mediatedDevices, usb }: NodePool, { kind, name }: Device): boolean {
  const uses = { pci: passthrough, mdev: mediatedDevices, vgpu: mediatedDevices, usb }[kind];
  return uses.some(({ device }) => device === name);
}

/**
 * The name that NVIDIA's plugin gives: made from the names of the matching functions as pci.ids has them, for which the
 * inventory stands; for a mediated device from its type's name.
 */
function deriveName(fleet: Fleet, device: Device): string | undefined {
  if (device.devicePlugin.kind !== 'nvidia') return undefined;
  if (device.kind === 'mdev' || device.kind === 'vgpu') return nvidiaVgpuResourceName(device.typeName);
  const ids = new Set<string>(selectorIds(device));
  const names = new Set<string>();
  for (const inventory of fleet.inventories) {
    for (const { id, name } of inventory.functions) {
      const deviceName = id !== undefined && ids.has(id) && name !== undefined ? nvidiaDeviceName(name) : undefined;
      if (deviceName !== undefined) names.add(nvidiaPluginResourceName(deviceName));
    }
  }
  const [only, ...others] = names;
  return others.length === 0 ? only : undefined;
}
