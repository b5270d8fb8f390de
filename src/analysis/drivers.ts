import { pciClassFamily, type PciFunction } from '../model';
import type { FunctionBinding } from './analysis';

/** The driver whose functions KubeVirt's own plugin hands out. */
export const VFIO_PCI = 'vfio-pci';

/**
 * The driver that a function ends on once its node is prepared: `vfio-pci` where the fleet binds it, or where a list of ids on
 * the node claims it, else the one that the inventory shows. Null: none; undefined: not known.
 *
 * What somebody else binds (`binding: external`) is where the inventory sees it; without that, where the fleet says it is. A
 * list of ids takes effect after the initramfs, so it reaches functions that no driver has claimed by then.
 *
 * @param claimedIds - ids that vfio-pci claims by itself on the node
 * @param isBoundByOthers - whether a live MachineConfig of others binds it by address
 */
export function driverAfter(
  fact: PciFunction,
  bindings: readonly FunctionBinding[],
  claimedIds: ReadonlySet<string>,
  isBoundByOthers = false,
): string | null | undefined {
  if (isBoundByOthers || bindings.some(({ strategy }) => strategy !== 'external')) return VFIO_PCI;
  if (fact.id !== undefined && claimedIds.has(fact.id) && mayBeClaimed(fact)) return VFIO_PCI;
  if (bindings.length > 0 && fact.driver === undefined) return VFIO_PCI;
  return fact.driver;
}

function mayBeClaimed({ class: pciClass, driver }: PciFunction): boolean {
  if (driver === null) return true;
  const family = pciClass === undefined ? undefined : pciClassFamily(pciClass);
  return family === 'display' || family === 'processing';
}
