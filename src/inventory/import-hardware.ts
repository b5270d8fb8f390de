import { stamp, type PlacedDiagnostic } from '../diagnostics';
import type { NodeInventory } from '../model';
import type { SourceFile } from '../source';
import { formatInventory } from './format-inventory';
import type { HardwareReading } from './hardware-reading';
import { loadInventory } from './load-inventory';
import { mergeInventory } from './merge-inventory';
import { parseNodeName } from './node-name';
import { INVALID_NODE_NAME, OTHER_NODE } from './problems';
import { reasonLabel, shown } from './wording';

/** For whom something is imported, and over what. */
export interface ImportTarget {
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
 * Makes a node's inventory file from what a source shows of its hardware, whatever the source is. Importing the same source
 * again gives the same bytes; what people added to the existing file survives. An existing file that cannot be read is an
 * error, never overwritten.
 *
 * @param file - what is read, as shown to the user
 */
export function importHardware(
  file: string,
  { node, existing }: ImportTarget,
  read: () => HardwareReading,
): ImportedInventory {
  const name = parseNodeName(node);
  if (!name.ok) {
    const refusal = stamp(INVALID_NODE_NAME, {
      message: `node name ${shown(node)} is not valid`,
      primary: { at: { kind: 'file', file }, text: reasonLabel(name.reason) },
    });
    return { text: undefined, inventory: undefined, problems: [refusal] };
  }
  const { functions, machine, problems } = read();
  const seen: NodeInventory = {
    node: name.value,
    place: { kind: 'file', file },
    ...machine,
    // the file states a host name only where it is not the Node's
    hostName: machine.hostName === name.value ? undefined : machine.hostName,
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
