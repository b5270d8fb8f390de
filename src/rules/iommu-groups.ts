/*
 * The closure of what is handed over: the functions that share an IOMMU group with a function bound for a VM. Linear in the
 * number of functions.
 */
import type { AnalysedFunction, AnalysedNode, Analysis } from '../analysis';
import { classCode, groupBy, type Passthrough, type PciFunction } from '../model';

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
export function groupConflicts(analysis: Analysis): readonly GroupConflict[] {
  let conflicts = CONFLICTS.get(analysis);
  if (conflicts === undefined) CONFLICTS.set(analysis, (conflicts = analysis.nodes.flatMap(conflictsOn)));
  return conflicts;
}

/** More than one rule asks. */
const CONFLICTS = new WeakMap<Analysis, readonly GroupConflict[]>();

function conflictsOn(node: AnalysedNode): GroupConflict[] {
  const { functions } = node;
  const shared = sharedGroups(node);
  if (shared.size === 0 || !functions.some(({ bindings }) => bindings.length > 0)) return [];
  const grouped = functions.filter(({ fact }) => typeof fact.iommuGroup === 'number' && shared.has(fact.iommuGroup));
  return [...groupBy(grouped, ({ fact }) => fact.iommuGroup ?? -1)].flatMap(([group, members]) => {
    const device = members.find((one) => handingOver(one) !== undefined);
    const entry = device === undefined ? undefined : handingOver(device);
    if (device === undefined || entry === undefined) return [];
    return members
      .filter((member) => handingOver(member) === undefined && !isBridge(member) && mayBlock(member))
      .map((member) => ({ entry, device, member, group }));
  });
}

/** By the lists that nodes of one hardware share. */
const SHARED = new WeakMap<readonly PciFunction[], ReadonlySet<number>>();

/** The groups with more than one function; on most nodes each function is alone in its own. */
export function sharedGroups({ inventory }: AnalysedNode): ReadonlySet<number> {
  const functions = inventory?.functions ?? NOTHING;
  let shared = SHARED.get(functions);
  if (shared === undefined) SHARED.set(functions, (shared = groupsOfSeveral(functions)));
  return shared;
}

const NOTHING: readonly PciFunction[] = [];

function groupsOfSeveral(functions: readonly PciFunction[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  for (const { iommuGroup } of functions) {
    if (typeof iommuGroup !== 'number') continue;
    if (seen.has(iommuGroup)) shared.add(iommuGroup);
    seen.add(iommuGroup);
  }
  return shared;
}

function handingOver({ bindings }: AnalysedFunction): Passthrough | undefined {
  return bindings.find(({ role, strategy }) => role === 'device' && strategy !== 'external')?.passthrough;
}

function mayBlock({ fact, bindings }: AnalysedFunction): boolean {
  return bindings.length > 0 || leavesGroupViable(fact.driver) !== true;
}
