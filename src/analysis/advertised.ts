/*
 * What each node will advertise, counted as the plugin that serves it counts.
 * KubeVirt's device id is the IOMMU group: functions of one group are one device (kubevirt.md fact 36). NVIDIA's plugin
 * advertises every function (fact 43).
 */
import type { AdvertisedResource, AnalysedFunction, Resource } from './analysis';
import { declaredAddressesOn, selectorIds } from './bindings';
import type { DeclaredNode } from './nodes';

/** The resources of one node, in the order of the devices. */
export function advertisedBy(
  node: DeclaredNode,
  functions: readonly AnalysedFunction[],
  resources: readonly Resource[],
): AdvertisedResource[] {
  const pools = new Set(node.pools);
  return resources.flatMap((resource) => {
    if (!resource.pools.some((pool) => pools.has(pool))) return [];
    const advertised = advertise(node, functions, resource);
    return advertised === undefined ? [] : [advertised];
  });
}

function advertise(
  node: DeclaredNode,
  functions: readonly AnalysedFunction[],
  resource: Resource,
): AdvertisedResource | undefined {
  switch (resource.device.kind) {
    case 'pci':
      return advertisePci(node, functions, resource);
    case 'mdev':
      return advertiseMediated(node, resource);
    case 'usb':
      return { ...unknown(node, resource, 'the inventory does not list USB devices'), functions: [] };
  }
}

function advertisePci(
  node: DeclaredNode,
  functions: readonly AnalysedFunction[],
  resource: Resource,
): AdvertisedResource | undefined {
  const ids = new Set<string>(selectorIds(resource.device));
  if (node.inventory === undefined) {
    const declares = node.pools.some((pool) =>
      pool.passthrough.some(
        (passthrough) =>
          passthrough.device === resource.device.name && declaredAddressesOn(passthrough, node.name)?.length !== 0,
      ),
    );
    return declares ? unknown(node, resource, 'there is no inventory of the node') : undefined;
  }
  const matching = functions.filter(
    ({ bindings, fact }) => bindings.length > 0 && fact.id !== undefined && ids.has(fact.id),
  );
  if (matching.length === 0) return undefined;
  if (resource.server !== 'kubevirt')
    return { resource, node: node.name, count: matching.length, unknownBecause: undefined, functions: matching };
  const groups = matching.map(({ fact }) => fact.iommuGroup);
  if (matching.length > 1 && groups.some((group) => typeof group !== 'number')) {
    return { ...unknown(node, resource, 'the inventory does not show every IOMMU group'), functions: matching };
  }
  return { resource, node: node.name, count: new Set(groups).size, unknownBecause: undefined, functions: matching };
}

function advertiseMediated(node: DeclaredNode, resource: Resource): AdvertisedResource | undefined {
  const device = resource.device;
  if (device.kind !== 'mdev') return undefined;
  const parentId = device.parent?.id;
  if (node.inventory !== undefined && parentId !== undefined) {
    if (!node.functions.some(({ fact }) => fact.id === parentId)) return undefined;
  }
  const uses = node.pools.flatMap((pool) => pool.mediatedDevices.filter((use) => use.device === device.name));
  const count = uses.find((use) => use.count !== undefined)?.count;
  if (count !== undefined) return { resource, node: node.name, count, unknownBecause: undefined, functions: [] };
  return unknown(node, resource, 'the inventory does not say how many the card can make');
}

function unknown(node: DeclaredNode, resource: Resource, because: string): AdvertisedResource {
  return { resource, node: node.name, count: undefined, unknownBecause: because, functions: [] };
}
