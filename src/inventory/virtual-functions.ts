/*
 * Which listed functions are virtual functions of which physical one. lspci does not say it of the virtual function, but the
 * capability of the physical function fixes it: virtual function k (from 0) has the routing id of the physical function
 * plus `VF offset` plus k times `stride`, and the device id that the capability names. A routing id is bus, device and
 * function as one number of 16 bits. Each is looked up in turn, until one is not there or is something else; as every
 * function has one owner, the cost is linear in the number of functions.
 */
import type { BdfAddress, PciId } from '../model';
import type { SriovCapability } from './lspci-details';

/** What is needed of a function to place it. */
export interface PlacedFunction {
  readonly address: BdfAddress;
  readonly id: PciId | undefined;
  readonly sriov: SriovCapability | undefined;
}

/** The physical function by the address of each listed virtual function. Functions without ids are not placed. */
export function physicalFunctions(functions: readonly PlacedFunction[]): ReadonlyMap<BdfAddress, BdfAddress> {
  const byRoutingId = new Map(functions.map((fact) => [routingKey(domainOf(fact), routingId(fact.address)), fact]));
  const physicalByVirtual = new Map<BdfAddress, BdfAddress>();
  for (const { address, id, sriov } of functions) {
    if (id === undefined || sriov?.offset === undefined || sriov.stride === undefined) continue;
    const domain = domainOf({ address });
    const first = routingId(address) + sriov.offset;
    const virtualId = `${id.slice(0, 4)}:${sriov.deviceId ?? ''}`;
    for (let k = 0; k < sriov.numVfs; k++) {
      const found = byRoutingId.get(routingKey(domain, first + k * sriov.stride));
      const isOurs = found?.id === virtualId && found.sriov === undefined && !physicalByVirtual.has(found.address);
      if (!isOurs) break;
      physicalByVirtual.set(found.address, address);
    }
  }
  return physicalByVirtual;
}

function domainOf({ address }: { readonly address: BdfAddress }): string {
  return address.slice(0, address.indexOf(':'));
}

function routingKey(domain: string, id: number): string {
  return `${domain}/${id}`;
}

function routingId(address: BdfAddress): number {
  const [bus = '', rest = ''] = address.slice(address.indexOf(':') + 1).split(':');
  const [device = '', pciFunction = ''] = rest.split('.');
  return (parseInt(bus, 16) << 8) | (parseInt(device, 16) << 3) | Number(pciFunction);
}
