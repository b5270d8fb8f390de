import {
  compareBdfAddress,
  type JsonObject,
  type JsonValue,
  type NodeInventory,
  type NumaNode,
  type PciFunction,
  type UsbDevice,
} from '../model';
import { emitFlow, quoteText } from '../yaml';
import {
  FUNCTION_KEYS,
  INVENTORY_API_VERSION,
  INVENTORY_KIND,
  KNOWN_NONE,
  NUMA_NODE_KEYS,
  SPEC_KEYS,
  USB_DEVICE_KEYS,
} from './inventory-document';

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

/**
 * The text of an inventory file: one function per line, by address, so that a diff reads and branches merge. The same
 * inventory gives the same bytes, and {@link loadInventory} reads it back to the same inventory.
 */
export function formatInventory(inventory: NodeInventory): string {
  const lines = [
    `apiVersion: ${INVENTORY_API_VERSION}`,
    `kind: ${INVENTORY_KIND}`,
    'metadata:',
    `  name: ${emitFlow(inventory.node)}`,
    'spec:',
  ];
  for (const key of SPEC_KEYS) {
    if (key === 'functions') {
      const functions = [...inventory.functions].sort((a, b) => compareBdfAddress(a.address, b.address));
      lines.push(...formatList(key, functions, formatFunction));
    } else if (key === 'numaNodes') lines.push(...formatList(key, inventory.numaNodes, formatNumaNode));
    else if (key === 'usbDevices') lines.push(...formatList(key, inventory.usbDevices, formatUsbDevice));
    else {
      const value = inventory[key];
      if (value !== undefined) lines.push(`  ${formatEntry(key, value)}`);
    }
  }
  return `${HEADER}${lines.join('\n')}\n`;
}

function formatFunction(fact: PciFunction): string {
  return formatMap(FUNCTION_KEYS, {
    ...fact,
    place: undefined,
    driver: fact.driver === null ? KNOWN_NONE : fact.driver,
    iommuGroup: fact.iommuGroup === null ? KNOWN_NONE : fact.iommuGroup,
    reservedRegions: fact.reservedRegions?.map(({ type, start, end }) => ({ type, start, end })),
    mdevTypes: fact.mdevTypes?.map(({ id, name, instances }) => ({ id, name, instances })),
    vgpuTypes: fact.vgpuTypes?.map(({ id, name, instances }) => ({ id, name, instances })),
    currentVgpuType: fact.currentVgpuType === null ? KNOWN_NONE : fact.currentVgpuType,
    hostUse: fact.hostUse?.map(({ kind, reason, observed }) => ({ kind, reason, observed })),
  });
}

function formatNumaNode({ hugepages, ...node }: NumaNode): string {
  const pages = hugepages?.map(({ size, count }) => ({ size, count }));
  return formatMap(NUMA_NODE_KEYS, { ...node, hugepages: pages });
}

function formatUsbDevice(device: UsbDevice): string {
  return formatMap(USB_DEVICE_KEYS, { ...device });
}

/** A list with one item per line; an empty one says that there are none, an unknown one is left out. */
function formatList<T>(key: string, items: readonly T[] | undefined, format: (item: T) => string): string[] {
  if (items === undefined) return [];
  if (items.length === 0) return [`  ${key}: []`];
  return [`  ${key}:`, ...items.map((item) => `    - ${format(item)}`)];
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
