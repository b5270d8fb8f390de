import {
  jsonAt,
  type DeclaredAddress,
  type DeclaredAddresses,
  type Device,
  type NodeInventory,
  type Passthrough,
} from '../../model';
import { boundAddresses, isForNode, type BoundAddress, type MachineConfigPool } from '../../openshift';
import { textOf } from '../entities/values';

/**
 * What the program of hostdev binds by address in a pool, as what it hands over: each permitted device of which its table accepts an id, the
 * other lines bound along with it. A line for a node that neither the Nodes nor the inventories show is left out: which one it is is
 * not known.
 */
export function boundByAddress(
  pool: MachineConfigPool,
  devices: readonly Device[],
  inventories: readonly NodeInventory[],
): Passthrough[] {
  const rows = boundAddresses(pool);
  const permitted = devices.flatMap((device) => {
    const ids = device.kind === 'pci' ? device.selectors.flatMap(({ id }) => id ?? []) : [];
    const own = rows.filter((row) => row.ids.some((id) => ids.includes(id)));
    return own.length === 0 ? [] : [{ device, own }];
  });
  const handedOver = new Set(permitted.flatMap(({ own }) => own));
  const others = rows.filter((row) => !handedOver.has(row));
  return permitted.flatMap(({ device, own }): Passthrough[] => {
    const [first] = own;
    const addresses = addressesOf(own, pool, inventories);
    if (first === undefined || addresses === undefined) return [];
    return [
      {
        device: device.name,
        addresses,
        binding: 'address',
        companions: own.some(({ takesCompanions }) => takesCompanions)
          ? undefined
          : others.map(({ address, place }) => ({ text: address, place })),
        acknowledge: [],
        place: first.place,
      },
    ];
  });
}

function addressesOf(
  rows: readonly BoundAddress[],
  pool: MachineConfigPool,
  inventories: readonly NodeInventory[],
): DeclaredAddresses | undefined {
  if (rows.every(({ scope }) => scope.kind === 'any')) return { kind: 'every-node', addresses: rows.map(declared) };
  const byNode = pool.nodes.flatMap((node) => {
    const names = namesOf(
      node,
      inventories.find((inventory) => inventory.node === node.name),
    );
    const own = rows.filter(({ scope }) => isForNode(scope, names));
    const [first] = own;
    return first === undefined ? [] : [{ node: node.name, addresses: own.map(declared), place: first.place }];
  });
  return byNode.length === 0 ? undefined : { kind: 'by-node', byNode };
}

function declared({ address, place }: BoundAddress): DeclaredAddress {
  return { text: address, address, place };
}

function namesOf(
  { name, content }: MachineConfigPool['nodes'][number],
  inventory: NodeInventory | undefined,
): Parameters<typeof isForNode>[1] {
  return {
    uuids: [textOf(jsonAt(content, 'status', 'nodeInfo', 'systemUUID')), inventory?.productUuid],
    hosts: [name, inventory?.hostName, textOf(jsonAt(content, 'metadata', 'labels', 'kubernetes.io/hostname'))],
  };
}
