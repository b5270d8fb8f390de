/*
 * The closure of what is handed over: the functions that share an IOMMU group with a function bound for a VM. Linear in the
 * number of functions.
 */
import type { AnalysedFunction, Analysis } from '../analysis';
import { classCode, type Passthrough } from '../model';
import { groupBy } from './group-by';

/** A function handed over and another one of its group that may keep the group from working. */
export interface GroupConflict {
  readonly entry: Passthrough;
  readonly device: AnalysedFunction;
  readonly member: AnalysedFunction;
  readonly group: number;
}

/**
 * Host drivers under which a group stays viable: they do no DMA of their own.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/drivers/pci/pcie/portdrv.c (driver_managed_dma)
 */
const HARMLESS_DRIVERS: ReadonlySet<string> = new Set(['pcieport', 'pci-stub']);

/** Whether a group stays viable with a function on this driver; null is none. Undefined: the driver is not known. */
export function leavesGroupViable(driver: string | null | undefined): boolean | undefined {
  if (driver === undefined) return undefined;
  return driver === null || HARMLESS_DRIVERS.has(driver) || driver.includes('vfio');
}

/** Host bridge and PCI-to-PCI bridge: they need not be bound, and vfio-pci cannot bind them. */
const BRIDGES: ReadonlySet<string> = new Set(['0600', '0604']);

/** Whether a function is a bridge that vfio-pci refuses and a group does not need. */
export function isBridge({ fact }: AnalysedFunction): boolean {
  return fact.class !== undefined && BRIDGES.has(classCode(fact.class));
}

/**
 * For every group with a function that node preparation binds for a VM: each other member that is not handed over too, is not a
 * bridge, and is not known to leave the group viable. Members that are bound as companions are among them.
 */
export function groupConflicts(analysis: Analysis): GroupConflict[] {
  return analysis.nodes.flatMap(({ functions }) => {
    if (!functions.some(({ bindings }) => bindings.length > 0)) return [];
    const grouped = functions.filter(({ fact }) => typeof fact.iommuGroup === 'number');
    return [...groupBy(grouped, ({ fact }) => fact.iommuGroup ?? -1)].flatMap(([group, members]) => {
      // most functions are alone in their group
      if (members.length === 1) return [];
      const device = members.find((one) => handingOver(one) !== undefined);
      const entry = device === undefined ? undefined : handingOver(device);
      if (device === undefined || entry === undefined) return [];
      return members
        .filter((member) => handingOver(member) === undefined && !isBridge(member) && mayBlock(member))
        .map((member) => ({ entry, device, member, group }));
    });
  });
}

function handingOver({ bindings }: AnalysedFunction): Passthrough | undefined {
  return bindings.find(({ role, strategy }) => role === 'device' && strategy !== 'external')?.passthrough;
}

function mayBlock({ fact, bindings }: AnalysedFunction): boolean {
  return bindings.length > 0 || leavesGroupViable(fact.driver) !== true;
}
