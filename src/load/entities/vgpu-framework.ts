/*
 * How the driver on the declared hardware makes vGPUs. Driver branch and kernel decide it, not the card: the same L40S has
 * mediated devices under one and SR-IOV virtual functions under another (kubevirt.md fact 60). What the inventory lists as creatable
 * is the driver's own word.
 */
import { compareText, type NodeInventory, type PciFunction, type PciId, type VgpuFramework } from '../../model';

/**
 * The framework that every inventory with such a card shows; undefined where none shows one, or two show different ones. Where the
 * type is listed by name, only lists with that name count, since a card may list types of both kinds.
 */
export function vgpuFramework(
  parent: PciId | undefined,
  typeName: string,
  inventories: readonly NodeInventory[],
): VgpuFramework | undefined {
  const shown = new Set<VgpuFramework>();
  for (const fact of functionsOf(parent, inventories)) {
    if (fact.mdevTypes !== undefined) shown.add('mdev');
    if (fact.vgpuTypes !== undefined) shown.add('vendor-vfio');
  }
  if (shown.size < 2) return [...shown][0];
  const named = new Set<VgpuFramework>();
  for (const { mdevTypes, vgpuTypes } of functionsOf(parent, inventories)) {
    if (mdevTypes?.some(({ name }) => name === typeName) === true) named.add('mdev');
    if (vgpuTypes?.some(({ name }) => name === typeName) === true) named.add('vendor-vfio');
  }
  return named.size === 1 ? [...named][0] : undefined;
}

/** The ids of the virtual functions of cards with this id, sorted; empty where no inventory shows one. */
export function virtualFunctionIds(parent: PciId | undefined, inventories: readonly NodeInventory[]): PciId[] {
  const ids = new Set<PciId>();
  for (const { physicalFunction, id } of functionsOf(parent, inventories)) {
    if (physicalFunction !== undefined && id !== undefined) ids.add(id);
  }
  return [...ids].sort(compareText);
}

/** Functions with the card's id, and virtual functions of such. */
function functionsOf(parent: PciId | undefined, inventories: readonly NodeInventory[]): PciFunction[] {
  if (parent === undefined) return [];
  return inventories.flatMap(({ functions }) => {
    const cards = new Set(functions.filter(({ id }) => id === parent).map(({ address }) => address));
    return functions.filter(
      ({ id, physicalFunction }) => id === parent || (physicalFunction !== undefined && cards.has(physicalFunction)),
    );
  });
}
