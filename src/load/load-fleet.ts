import { jsonAt, type JsonValue } from '../model';
import type { FileAccess, Pointer } from '../source';
import type { FleetDocument } from './document';
import { completeFleet, type LoadedFleet, type NamedFolder } from './complete-fleet';
import { readDocuments } from './read-documents';
import { resolvedPath, TextStore } from './text-store';

/**
 * Loads a fleet file, the files that it includes, its inventories, its live objects and the manifests of its VMs.
 *
 * Never throws. Whatever can be read is read, so that all findings come at once; the order of maps, of includes and of files
 * means nothing.
 *
 * @param path - the fleet file as it is shown to the user: `examples/lab/fleet.yaml`
 */
export function loadFleet(files: FileAccess, path: string): LoadedFleet {
  const store = new TextStore(files);
  const { fleet, included, problems } = readDocuments(store, resolvedPath('', path));
  if (fleet === undefined) return { fleet: undefined, problems, sources: store.sources };
  const folders = {
    inventory: namedFolder(fleet, '/spec/inventory', ['spec', 'inventory']),
    current: namedFolder(fleet, '/spec/cluster/current', ['spec', 'cluster', 'current']),
  };
  return completeFleet(store, { document: fleet, included, ...folders, vendorPlugins: [] }, problems);
}

function namedFolder(document: FleetDocument, pointer: Pointer, path: readonly string[]): NamedFolder | undefined {
  const folder = jsonAt(document.value as JsonValue, ...path);
  if (typeof folder !== 'string' || folder === '') return undefined;
  return { path: resolvedPath(document.folder, folder), place: document.placeOf(pointer) };
}
