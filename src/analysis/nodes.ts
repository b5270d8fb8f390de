import {
  compareNatural,
  type BdfAddress,
  type Fleet,
  type HostUse,
  type NodeInventory,
  type NodePool,
  type PciFunction,
} from '../model';

/** A node with the declarations and the hardware that concern it, before anything is bound. */
export interface DeclaredNode {
  readonly name: string;
  readonly pools: readonly NodePool[];
  readonly inventory: NodeInventory | undefined;
  /** By address; what the host uses them for is the inventory's word and the pools' together. */
  readonly functions: readonly { readonly fact: PciFunction; readonly hostUse: readonly HostUse[] | undefined }[];
}

/** Every node that a pool or an inventory names, in natural order. */
export function declaredNodes(fleet: Fleet): DeclaredNode[] {
  const poolsByNode = new Map<string, NodePool[]>();
  for (const pool of fleet.nodePools) {
    for (const { name } of pool.nodes) {
      const pools = poolsByNode.get(name);
      if (pools === undefined) poolsByNode.set(name, [pool]);
      else if (!pools.includes(pool)) pools.push(pool);
    }
  }
  const inventoryByNode = new Map(fleet.inventories.map((inventory) => [inventory.node, inventory]));
  const names = [...new Set([...poolsByNode.keys(), ...inventoryByNode.keys()])].sort(compareNatural);
  return names.map((name) => {
    const pools = poolsByNode.get(name) ?? [];
    const inventory = inventoryByNode.get(name);
    const declared = declaredUses(name, pools);
    const functions = (inventory?.functions ?? []).map((fact) => {
      const stated = declared.get(fact.address);
      return { fact, hostUse: stated === undefined ? fact.hostUse : [...(fact.hostUse ?? []), ...stated] };
    });
    return { name, pools, inventory, functions };
  });
}

function declaredUses(node: string, pools: readonly NodePool[]): Map<BdfAddress, HostUse[]> {
  const uses = new Map<BdfAddress, HostUse[]>();
  for (const pool of pools) {
    for (const { addresses, nodes, reason } of pool.hostUse) {
      if (nodes !== undefined && !nodes.includes(node)) continue;
      for (const { address, place } of addresses) {
        if (address === undefined) continue;
        const use: HostUse = { kind: 'other', reason, place };
        uses.set(address, [...(uses.get(address) ?? []), use]);
      }
    }
  }
  return uses;
}
