import {
  compareBdfAddress,
  type JsonObject,
  type JsonValue,
  type NodeHardware,
  type NodeInventory,
  type NumaNode,
  type PciFunction,
  type UsbDevice,
} from '../model';
import { emitFlow, quoteText } from '../yaml';
import type { FunctionDifference, InventoryDifferences } from './hardware/apply-differences';
import {
  DIFFERENCE_KEYS,
  FUNCTION_KEYS,
  HARDWARE_KIND,
  INVENTORY_API_VERSION,
  INVENTORY_KIND,
  KNOWN_NONE,
  NUMA_NODE_KEYS,
  SPEC_KEYS,
  USB_DEVICE_KEYS,
} from './inventory-document';
import { UNKNOWN_MACHINE, type MachineFacts } from './machine-facts';

const HEADER = `# Written by \`hostdev import\`, one PCI function per line. The next import replaces what it sees, and keeps what it
# cannot see. Yours to add: productUuid, hostName, cpuVendor, architecture; for a function serial and hostUse, which is
# a list of { kind, reason } where the host uses it and [] where it does not. What is left out is unknown; \`none\` is
# known to be none. Comments are not kept.
`;

/** Codes and names are quoted whether they need it or not: who copies a line and changes a digit stays on the safe side. */
const QUOTED: ReadonlySet<string> = new Set([
  'productUuid',
  'address',
  'class',
  'id',
  'subsystem',
  'revision',
  'name',
  'serial',
  'physicalFunction',
  'currentVgpuType',
  'port',
  'vendor',
  'product',
  'controller',
] satisfies ((typeof SPEC_KEYS)[number] | (typeof FUNCTION_KEYS)[number] | (typeof USB_DEVICE_KEYS)[number])[]);

const DIFFERENCES_HEADER = `# Written by \`hostdev import\`: what this node has besides its \`hardware\`, the file that identical machines share. Each
# function here changes the facts that it states; \`removed: true\` takes one away, \`added: true\` is one that the hardware
# lacks, and \`unknown\` lists facts that the hardware knows and that are not known of this node. The next import replaces
# what it sees, and keeps what it cannot see; serial and hostUse are yours to add. Comments are not kept.
`;

const HARDWARE_HEADER = `# What identical machines share, one PCI function per line; inventories name it as \`hardware\`. \`hostdev import\` wrote it from
# the first of them and leaves it alone from then on: what you state here holds for every node that does not state
# otherwise. What is left out is unknown; \`none\` is known to be none.
`;

/**
 * The text of an inventory file: one function per line, by address, so that a diff reads and branches merge. The same
 * inventory gives the same bytes, and {@link loadInventory} reads it back to the same inventory.
 */
export function formatInventory(inventory: NodeInventory): string {
  const functions = [...inventory.functions].sort((a, b) => compareBdfAddress(a.address, b.address));
  return documentOf(HEADER, INVENTORY_KIND, inventory.node, [
    ...formatMachine(inventory, functions.map(formatFunction)),
  ]);
}

/** The text of a file that identical machines share; {@link loadHardware} reads it back to the same hardware. */
export function formatHardware(hardware: NodeHardware): string {
  const functions = hardware.functions.map(formatFunction);
  return documentOf(HARDWARE_HEADER, HARDWARE_KIND, hardware.name, [
    ...formatMachine({ ...UNKNOWN_MACHINE, ...hardware }, functions),
  ]);
}

/**
 * The text of the inventory file of a node that shares its hardware: with that hardware, {@link loadInventory} reads it back to the
 * inventory that the differences are of.
 */
export function formatDifferences(node: string, hardware: string, differences: InventoryDifferences): string {
  const { facts, unknown, functions } = differences;
  const entries = [...functions].sort((a, b) => compareBdfAddress(a.fact.address, b.fact.address));
  return documentOf(DIFFERENCES_HEADER, INVENTORY_KIND, node, [
    `  hardware: ${emitFlow(hardware)}`,
    ...(unknown.length === 0 ? [] : [`  ${formatEntry('unknown', unknown)}`]),
    ...formatMachine(facts, entries.length === 0 ? undefined : entries.map(formatDifference)),
  ]);
}

function documentOf(header: string, kind: string, name: string, spec: readonly string[]): string {
  const lines = [
    `apiVersion: ${INVENTORY_API_VERSION}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${emitFlow(name)}`,
    'spec:',
    ...spec,
  ];
  return `${header}${lines.join('\n')}\n`;
}

function formatMachine(machine: MachineFacts, functions: readonly string[] | undefined): string[] {
  return SPEC_KEYS.flatMap((key) => {
    if (key === 'functions') return formatList(key, functions);
    if (key === 'numaNodes') return formatList(key, machine.numaNodes?.map(formatNumaNode));
    if (key === 'usbDevices') return formatList(key, machine.usbDevices?.map(formatUsbDevice));
    const value = machine[key];
    return value === undefined ? [] : [`  ${formatEntry(key, value)}`];
  });
}

function formatFunction(fact: PciFunction): string {
  return formatMap(FUNCTION_KEYS, valuesOf(fact));
}

function formatDifference({ fact, isAdded, isRemoved, unknown }: FunctionDifference): string {
  return formatMap(DIFFERENCE_KEYS, {
    ...valuesOf(fact),
    added: isAdded ? true : undefined,
    removed: isRemoved ? true : undefined,
    unknown: unknown.length === 0 ? undefined : unknown,
  });
}

function valuesOf(fact: PciFunction): JsonObject {
  return {
    ...fact,
    place: undefined,
    driver: fact.driver === null ? KNOWN_NONE : fact.driver,
    iommuGroup: fact.iommuGroup === null ? KNOWN_NONE : fact.iommuGroup,
    reservedRegions: fact.reservedRegions?.map(({ type, start, end }) => ({ type, start, end })),
    mdevTypes: fact.mdevTypes?.map(({ id, name, instances }) => ({ id, name, instances })),
    vgpuTypes: fact.vgpuTypes?.map(({ id, name, instances }) => ({ id, name, instances })),
    currentVgpuType: fact.currentVgpuType === null ? KNOWN_NONE : fact.currentVgpuType,
    hostUse: fact.hostUse?.map(({ kind, reason, observed }) => ({ kind, reason, observed })),
  };
}

function formatNumaNode({ hugepages, ...node }: NumaNode): string {
  const pages = hugepages?.map(({ size, count }) => ({ size, count }));
  return formatMap(NUMA_NODE_KEYS, { ...node, hugepages: pages });
}

function formatUsbDevice(device: UsbDevice): string {
  return formatMap(USB_DEVICE_KEYS, { ...device });
}

/** A list with one item per line; an empty one says that there are none, an unknown one is left out. */
function formatList(key: string, items: readonly string[] | undefined): string[] {
  if (items === undefined) return [];
  if (items.length === 0) return [`  ${key}: []`];
  return [`  ${key}:`, ...items.map((item) => `    - ${item}`)];
}

function formatMap(keys: readonly string[], known: JsonObject): string {
  const entries = keys.flatMap((key) => {
    const value = known[key];
    return value === undefined ? [] : formatEntry(key, value);
  });
  return `{ ${entries.join(', ')} }`;
}

function formatEntry(key: string, value: JsonValue): string {
  return `${key}: ${typeof value === 'string' && QUOTED.has(key) ? quoteText(value) : emitFlow(value)}`;
}
