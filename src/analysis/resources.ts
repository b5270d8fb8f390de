import { nvidiaDeviceName, nvidiaPluginResourceName, nvidiaVgpuResourceName } from '../kubevirt';
import type { Device, Fleet, NodePool } from '../model';
import type { Resource, ResourceServer } from './analysis';
import { selectorIds } from './bindings';

/** Every device of the fleet with its resource name and who serves it. */
export function fleetResources(fleet: Fleet): Resource[] {
  return fleet.devices.map((device) => {
    const derivedName = device.resourceName === undefined ? deriveName(fleet, device) : undefined;
    return {
      device,
      name: device.resourceName ?? derivedName,
      derived: derivedName !== undefined,
      server: serverOf(device),
      isExternal: device.externalResourceProvider,
      pools: fleet.nodePools.filter((pool) => poolDeclares(pool, device.name)),
    };
  });
}

function serverOf(device: Device): ResourceServer {
  switch (device.devicePlugin.kind) {
    case 'kubevirt':
    case 'nvidia':
      return device.devicePlugin.kind;
    case 'none':
    case 'named':
      return 'other';
  }
}

function poolDeclares(pool: NodePool, device: string): boolean {
  return (
    pool.passthrough.some((passthrough) => passthrough.device === device) ||
    pool.mediatedDevices.some((use) => use.device === device) ||
    pool.usb.some((use) => use.device === device)
  );
}

/**
 * The name that NVIDIA's plugin gives: made from the names of the matching functions as pci.ids has them, for which the
 * inventory stands; for a mediated device from its type's name.
 */
function deriveName(fleet: Fleet, device: Device): string | undefined {
  if (device.devicePlugin.kind !== 'nvidia') return undefined;
  if (device.kind === 'mdev') return nvidiaVgpuResourceName(device.typeName);
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
