/*
 * A VM that asks for the device at an address. Neither KubeVirt nor kubelet can be told one: a device plugin hands out any device of the
 * resource that is free (kubevirt.md facts 11 and 103). It is certain only on a node where the resource has one device, the one asked for.
 */
import type { AnalysedNode, AnalysedRequest } from './analysis';

/** Whether an entry asks a device plugin for the device at an address; a driver of claims takes the address as a condition. */
export function namesAddress({ request, resource }: AnalysedRequest): boolean {
  return request.address?.address !== undefined && resource !== undefined && resource.server !== 'dra';
}

/**
 * Whether a node has one device of an entry's resource, and it is the one at the entry's address. Of several functions in one IOMMU group
 * KubeVirt hands over the last (kubevirt.md fact 36).
 */
export function isOnlyDevice(node: AnalysedNode, { request, resource }: AnalysedRequest): boolean {
  const advertised = node.advertised.find((one) => one.resource === resource);
  if (advertised?.count !== 1) return false;
  const handed = advertised.devices[0]?.functions.at(-1) ?? advertised.functions[0];
  return handed !== undefined && handed.fact.address === request.address?.address;
}

/** The nodes on which a VM gets every device at the address that it asks for; undefined: it asks for none, or there is no such node. */
export function pinnedTo(
  requests: readonly AnalysedRequest[],
  fits: readonly AnalysedNode[],
): readonly AnalysedNode[] | undefined {
  const addressed = requests.filter(namesAddress);
  if (addressed.length === 0) return undefined;
  const pinned = fits.filter((node) => addressed.every((asked) => isOnlyDevice(node, asked)));
  return pinned.length === 0 ? undefined : pinned;
}
