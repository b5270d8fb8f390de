import { compareBdfAddress, type JsonObject, type JsonValue, type NodeInventory, type PciFunction } from '../model';
import { emitFlow, quoteText } from '../yaml';
import { FUNCTION_KEYS, INVENTORY_API_VERSION, INVENTORY_KIND, KNOWN_NONE, SPEC_KEYS } from './inventory-document';

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
] satisfies ((typeof SPEC_KEYS)[number] | (typeof FUNCTION_KEYS)[number])[]);

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
    if (key === 'functions') continue;
    const value = inventory[key];
    if (value !== undefined) lines.push(`  ${formatEntry(key, value)}`);
  }
  const functions = [...inventory.functions].sort((a, b) => compareBdfAddress(a.address, b.address));
  lines.push(functions.length === 0 ? '  functions: []' : '  functions:');
  for (const fact of functions) lines.push(`    - ${formatFunction(fact)}`);
  return `${HEADER}${lines.join('\n')}\n`;
}

function formatFunction(fact: PciFunction): string {
  const known: JsonObject = {
    ...fact,
    place: undefined,
    driver: fact.driver === null ? KNOWN_NONE : fact.driver,
    iommuGroup: fact.iommuGroup === null ? KNOWN_NONE : fact.iommuGroup,
    hostUse: fact.hostUse?.map(({ kind, reason }) => ({ kind, reason })),
  };
  const entries = FUNCTION_KEYS.flatMap((key) => {
    const value = known[key];
    return value === undefined ? [] : formatEntry(key, value);
  });
  return `{ ${entries.join(', ')} }`;
}

function formatEntry(key: string, value: JsonValue): string {
  return `${key}: ${typeof value === 'string' && QUOTED.has(key) ? quoteText(value) : emitFlow(value)}`;
}
