import { stamp, type PlacedDiagnostic } from '../diagnostics';
import type { NodeInventory } from '../model';
import type { SourceFile } from '../source';
import { formatInventory } from './format-inventory';
import { loadInventory } from './load-inventory';
import { readLspci } from './lspci';
import { mergeInventory } from './merge-inventory';
import { parseNodeName } from './node-name';
import { INVALID_NODE_NAME, OTHER_NODE } from './problems';
import { reasonLabel, shown } from './wording';

/** What is imported, for whom, and over what. */
export interface LspciImport {
  /** What lspci printed. */
  readonly source: SourceFile;
  /** The Kubernetes Node's name; it becomes the name of a file. */
  readonly node: string;
  /** The inventory file that is there. */
  readonly existing?: SourceFile;
}

/** The inventory to write, and what there is to say about it. */
export interface ImportedInventory {
  /** The new text of the file; undefined when there is an error, and then nothing must be written. */
  readonly text: string | undefined;
  readonly inventory: NodeInventory | undefined;
  readonly problems: readonly PlacedDiagnostic[];
}

/**
 * Makes a node's inventory file from text that lspci printed. Importing the same text again gives the same bytes; what
 * people added to the existing file survives. An existing file that cannot be read is an error, never overwritten.
 */
export function importLspci({ source, node, existing }: LspciImport): ImportedInventory {
  const name = parseNodeName(node);
  if (!name.ok) {
    const refusal = stamp(INVALID_NODE_NAME, {
      message: `node name ${shown(node)} is not valid`,
      primary: { at: { kind: 'file', file: source.path }, text: reasonLabel(name.reason) },
    });
    return { text: undefined, inventory: undefined, problems: [refusal] };
  }
  const { functions, problems } = readLspci(source);
  const seen: NodeInventory = {
    node: name.value,
    place: { kind: 'file', file: source.path },
    productUuid: undefined,
    hostName: undefined,
    cpuVendor: undefined,
    architecture: undefined,
    kernelRelease: undefined,
    functions,
  };
  if (existing === undefined || hasError(problems)) return finished(seen, problems);
  const loaded = loadInventory(existing);
  if (loaded.inventory === undefined || hasError(loaded.problems)) {
    return finished(seen, [...problems, ...loaded.problems]);
  }
  if (loaded.inventory.node !== name.value) {
    const other = stamp(OTHER_NODE, {
      message: `the inventory is of ${shown(loaded.inventory.node)}, not of ${shown(name.value)}`,
      primary: { at: nameOf(loaded.inventory), text: `expected ${shown(name.value)}` },
    });
    return finished(seen, [...problems, other]);
  }
  const merged = mergeInventory(loaded.inventory, seen);
  return finished(merged.inventory, [...problems, ...loaded.problems, ...merged.problems]);
}

function finished(inventory: NodeInventory, problems: readonly PlacedDiagnostic[]): ImportedInventory {
  if (hasError(problems)) return { text: undefined, inventory: undefined, problems };
  return { text: formatInventory(inventory), inventory, problems };
}

function nameOf({ place }: NodeInventory): NodeInventory['place'] {
  return place.kind === 'document' ? { ...place, pointer: '/metadata/name' } : place;
}

function hasError(problems: readonly PlacedDiagnostic[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
