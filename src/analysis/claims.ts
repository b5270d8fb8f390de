/*
 * The claims behind the devices that a driver of dynamic resource allocation hands out: one for each entry of a VM. Its conditions are
 * the device's identity as the driver tells it, the address or the addresses that the fleet hands over where the VM may run, and
 * what the entry asks for besides. All of them hold together.
 */
import {
  celOfAddresses,
  celOfPcieRoot,
  claimNames,
  driverAttributes,
  kubernetesVersionOf,
  resourceApiVersion,
  type ResourceApiVersion,
} from '../kubevirt';
import { compareBdfAddress, type BdfAddress, type DraAllocation, type Fleet, type VirtualMachine } from '../model';
import type { AnalysedNode, AnalysedRequest, PlannedClaim } from './analysis';
import { declaredAddressesOn, selectorIds } from './bindings';

const NO_CLAIMS: readonly PlannedClaim[] = Object.freeze([]);

/** The version that claims are written in: the one for good where the version of Kubernetes is not known, or has none. */
export function claimApiVersion(fleet: Fleet): ResourceApiVersion {
  return resourceApiVersion(kubernetesVersionOf(fleet.cluster) ?? '') ?? 'v1';
}

/** The claims of a VM, in the order of its entries; those that stand in its own spec are its own affair. */
export function plannedClaims(
  machine: VirtualMachine,
  requests: readonly AnalysedRequest[],
  candidates: readonly AnalysedNode[],
): readonly PlannedClaim[] {
  if (!requests.some(({ resource, request }) => resource?.server === 'dra' && !request.inSpec)) return NO_CLAIMS;
  const claimed = requests.flatMap((asked) => {
    const device = asked.resource?.device;
    if (asked.request.inSpec || device?.kind !== 'pci' || device.dra === undefined) return [];
    return [{ asked, allocation: device.dra }];
  });
  const entries = claimed.map(({ asked }) => asked.request.name);
  const names = claimNames(entries, claimNamesIn(machine));
  // objects have names of their own, whatever the spec calls its claims
  const objectNames = claimNames(entries);
  return claimed.map(({ asked, allocation }, i): PlannedClaim => ({
    request: asked,
    name: names[i] ?? '',
    requestName: 'device',
    objectName: `${machine.name}-${objectNames[i] ?? ''}`,
    kind: asked.request.claim?.kind ?? 'template',
    allocation,
    expressions: expressionsOf(asked, allocation, candidates),
  }));
}

/** The conditions of a claim; one that cannot be said of the driver is left out, which is a finding. */
function expressionsOf(
  { request, resource }: AnalysedRequest,
  { driver }: DraAllocation,
  candidates: readonly AnalysedNode[],
): string[] {
  const attributes = driverAttributes(driver);
  const ids = selectorIds(resource?.device);
  const addresses = addressesOf(request.address?.address, request.device ?? '', candidates);
  const { numaNode, pcieRoot, product, expressions = [] } = request.claim ?? {};
  return [
    ...(attributes === undefined || ids.length === 0 ? [] : [attributes.ofIds(ids)]),
    ...(addresses === undefined ? [] : [celOfAddresses(addresses)]),
    ...(pcieRoot === undefined ? [] : [celOfPcieRoot(pcieRoot)]),
    ...(attributes === undefined || numaNode === undefined ? [] : [attributes.ofNumaNode(numaNode)]),
    ...(attributes === undefined || product === undefined ? [] : [attributes.ofProduct(product)]),
    ...expressions,
  ];
}

/** The addresses that a claim is confined to: the entry's own, else those declared where the VM may run, if any are. */
function addressesOf(
  own: BdfAddress | undefined,
  device: string,
  candidates: readonly AnalysedNode[],
): readonly BdfAddress[] | undefined {
  if (own !== undefined) return [own];
  const addresses = new Set<BdfAddress>();
  for (const { name, pools } of candidates) {
    for (const passthrough of pools.flatMap((pool) => pool.passthrough)) {
      if (passthrough.device !== device) continue;
      const declared = declaredAddressesOn(passthrough, name);
      if (declared === undefined) return undefined;
      for (const address of declared) addresses.add(address);
    }
  }
  return addresses.size === 0 ? undefined : [...addresses].sort(compareBdfAddress);
}

function claimNamesIn({ spec }: VirtualMachine): string[] {
  const listed: unknown = spec['resourceClaims'];
  const claims = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  return claims.flatMap((claim) => {
    const name = typeof claim === 'object' && claim !== null && 'name' in claim ? claim.name : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}
