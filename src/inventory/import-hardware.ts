import { stamp, type PlacedDiagnostic } from '../diagnostics';
import type { NodeHardware, NodeInventory } from '../model';
import type { SourceFile } from '../source';
import { formatDifferences, formatHardware, formatInventory } from './format-inventory';
import { findDifferences, sharedHardware } from './hardware/find-differences';
import type { HardwareReading } from './hardware-reading';
import { loadHardware, loadInventory, type HardwareByName } from './load-inventory';
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
  /**
   * The hardware to share with identical machines, `r750-t4`.
   *
   * @default - the one that the existing file names; none where it names none
   */
  readonly hardware?: string;
  /**
   * The file of a shared hardware, by its name.
   *
   * @default - there is none
   */
  readonly hardwareFile?: (name: string) => SourceFile | undefined;
}

/** The inventory to write, and what there is to say about it. */
export interface ImportedInventory {
  /** The new text of the file; undefined when there is an error, and then nothing must be written. */
  readonly text: string | undefined;
  readonly inventory: NodeInventory | undefined;
  /** The file of the shared hardware, where this node is the first that has it. */
  readonly newHardware?: { readonly name: string; readonly text: string };
  readonly problems: readonly PlacedDiagnostic[];
}

/**
 * Makes a node's inventory file from what a source shows of its hardware, whatever the source is. Importing the same source
 * again gives the same bytes; what people added to the existing file survives. An existing file that cannot be read is an
 * error, never overwritten. Where the node shares its hardware, its file gets its identity and its differences; the shared file is
 * written once, for the first node, and left alone from then on.
 *
 * @param file - what is read, as shown to the user
 */
export function importHardware(file: string, target: ImportTarget, read: () => HardwareReading): ImportedInventory {
  const { node, existing, hardware } = target;
  const name = parseNodeName(node);
  if (!name.ok) return refusal(file, `node name ${shown(node)} is not valid`, name);
  const hardwareName = hardware === undefined ? undefined : parseNodeName(hardware);
  if (hardwareName?.ok === false)
    return refusal(file, `hardware name ${shown(hardware ?? '')} is not valid`, hardwareName);
  const { functions, machine, problems } = read();
  const seen: NodeInventory = {
    node: name.value,
    place: { kind: 'file', file },
    ...machine,
    // the file states a host name only where it is not the Node's
    hostName: machine.hostName === name.value ? undefined : machine.hostName,
    functions,
  };
  const shared = new HardwareFiles(target);
  if (existing === undefined || hasError(problems)) return finished(seen, problems, shared, hardware);
  const loaded = loadInventory(existing, shared.find);
  if (loaded.inventory === undefined || hasError([...loaded.problems, ...shared.problems])) {
    return finished(seen, [...problems, ...loaded.problems], shared, hardware);
  }
  if (loaded.inventory.node !== name.value) {
    const other = stamp(OTHER_NODE, {
      message: `the inventory is of ${shown(loaded.inventory.node)}, not of ${shown(name.value)}`,
      primary: { at: nameOf(loaded.inventory), text: `expected ${shown(name.value)}` },
    });
    return finished(seen, [...problems, other], shared, hardware);
  }
  const merged = mergeInventory(loaded.inventory, seen);
  return finished(
    merged.inventory,
    [...problems, ...loaded.problems, ...merged.problems],
    shared,
    hardware ?? loaded.inventory.hardware?.name,
  );
}

/** The shared files that one import reads: each once, and what is wrong with them. */
class HardwareFiles {
  readonly problems: PlacedDiagnostic[] = [];
  private readonly known = new Map<string, NodeHardware | 'unreadable' | undefined>();
  private readonly fileOf: (name: string) => SourceFile | undefined;

  constructor({ hardwareFile = () => undefined }: ImportTarget) {
    this.fileOf = hardwareFile;
  }

  readonly find: HardwareByName = (name) => {
    if (this.known.has(name)) return this.known.get(name);
    const source = this.fileOf(name);
    const loaded = source === undefined ? undefined : loadHardware(source);
    this.problems.push(...(loaded?.problems ?? []));
    const hardware = loaded === undefined ? undefined : (loaded.hardware ?? 'unreadable');
    this.known.set(name, hardware);
    return hardware;
  };
}

function finished(
  inventory: NodeInventory,
  found: readonly PlacedDiagnostic[],
  shared: HardwareFiles,
  hardwareName: string | undefined,
): ImportedInventory {
  const there = hardwareName === undefined ? undefined : shared.find(hardwareName);
  const problems = [...found, ...shared.problems];
  if (hasError(problems) || there === 'unreadable') return { text: undefined, inventory: undefined, problems };
  if (hardwareName === undefined) return { text: formatInventory(inventory), inventory, problems };
  const hardware = there ?? sharedHardware(hardwareName, inventory, inventory.place);
  return {
    text: formatDifferences(inventory.node, hardwareName, findDifferences(inventory, hardware)),
    inventory,
    ...(there === undefined ? { newHardware: { name: hardwareName, text: formatHardware(hardware) } } : {}),
    problems,
  };
}

function refusal(file: string, message: string, { reason }: { readonly reason: string }): ImportedInventory {
  const problem = stamp(INVALID_NODE_NAME, {
    message,
    primary: { at: { kind: 'file', file }, text: reasonLabel(reason) },
  });
  return { text: undefined, inventory: undefined, problems: [problem] };
}

function nameOf({ place }: NodeInventory): NodeInventory['place'] {
  return place.kind === 'document' ? { ...place, pointer: '/metadata/name' } : place;
}

function hasError(problems: readonly PlacedDiagnostic[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}
