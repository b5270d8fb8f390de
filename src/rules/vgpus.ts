import type { Analysis, Resource } from '../analysis';
import type { MediatedDeviceUse, MediatedHostDevice, NodePool, PciFunction, PciId, VgpuHostDevice } from '../model';

/** The vGPUs of the fleet that are no mediated devices, in the order of the devices. */
export function vgpuResources(analysis: Analysis): { readonly resource: Resource; readonly device: VgpuHostDevice }[] {
  return analysis.resources.flatMap((resource) =>
    resource.device.kind === 'vgpu' ? [{ resource, device: resource.device }] : [],
  );
}

/** Pools with what they say of mediated devices and vGPUs, where the device is declared as one. */
export function sharedUses(analysis: Analysis): {
  readonly pool: NodePool;
  readonly use: MediatedDeviceUse;
  readonly device: MediatedHostDevice | VgpuHostDevice;
}[] {
  return analysis.fleet.nodePools.flatMap((pool) =>
    pool.mediatedDevices.flatMap((use) => {
      const device = analysis.deviceByName.get(use.device);
      return device?.kind === 'mdev' || device?.kind === 'vgpu' ? [{ pool, use, device }] : [];
    }),
  );
}

/** Functions with a card's id, and the virtual functions of such, in the inventories of these nodes. */
export function functionsOfCard(analysis: Analysis, parent: PciId, nodes: readonly string[]): PciFunction[] {
  return nodes.flatMap((name) => {
    const facts = (analysis.nodeByName.get(name)?.functions ?? []).map(({ fact }) => fact);
    const cards = new Set(facts.filter(({ id }) => id === parent).map(({ address }) => address));
    return facts.filter(
      ({ id, physicalFunction }) => id === parent || (physicalFunction !== undefined && cards.has(physicalFunction)),
    );
  });
}
