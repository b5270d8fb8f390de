import { posix } from 'node:path';
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { loadInventory } from '../inventory';
import { compareNatural, type NodeInventory } from '../model';
import { placeAt, type Place } from '../source';
import { DUPLICATE_INVENTORY, MISNAMED_INVENTORY } from './problems';
import { missingFile } from './read-documents';
import { SharedHardware } from './read-hardware';
import type { TextStore } from './text-store';

/** Reads a folder of inventories: every `NODE.yaml` in it, and the hardware that they share. */
export function readInventories(
  store: TextStore,
  folder: string,
  at: Place,
): { readonly inventories: readonly NodeInventory[]; readonly problems: readonly PlacedDiagnostic[] } {
  const paths = store.filesIn(folder, /\.ya?ml$/);
  if (paths === undefined)
    return { inventories: [], problems: [missingFile('the inventory folder', folder, at, 'folder')] };
  const hardware = new SharedHardware(store, folder, at);
  const problems: PlacedDiagnostic[] = [...hardware.problems];
  const byNode = new Map<string, NodeInventory>();
  for (const path of paths) {
    const source = store.source(path);
    if (source === undefined) {
      problems.push(missingFile(`inventory ${path}`, path, at));
      continue;
    }
    const { inventory, problems: found } = loadInventory(source, hardware.find);
    problems.push(...found);
    if (inventory === undefined) continue;
    const first = byNode.get(inventory.node);
    if (first !== undefined) {
      problems.push(duplicate(first, inventory));
      continue;
    }
    if (posix.basename(path).replace(/\.ya?ml$/, '') !== inventory.node) problems.push(misnamed(path, inventory));
    byNode.set(inventory.node, inventory);
  }
  problems.push(...hardware.unused());
  return { inventories: [...byNode.values()].sort((a, b) => compareNatural(a.node, b.node)), problems };
}

function duplicate(first: NodeInventory, second: NodeInventory): PlacedDiagnostic {
  return stamp(DUPLICATE_INVENTORY, {
    message: `node ${second.node} has 2 inventory files`,
    primary: { at: placeAt(second.place, 'metadata', 'name'), text: 'described again' },
    secondary: [{ at: placeAt(first.place, 'metadata', 'name'), text: 'first described here' }],
  });
}

function misnamed(path: string, inventory: NodeInventory): PlacedDiagnostic {
  return stamp(MISNAMED_INVENTORY, {
    message: `${posix.basename(path)} is the inventory of node ${inventory.node}`,
    primary: { at: placeAt(inventory.place, 'metadata', 'name'), text: 'differs from the name of the file' },
    help: [`name the file ${inventory.node}.yaml, or correct the name in it`],
  });
}
