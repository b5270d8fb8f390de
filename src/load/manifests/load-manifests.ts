import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import type { NodeInventory } from '../../model';
import type { FileAccess, FilePlace } from '../../source';
import { shortened } from '../check/words';
import type { LoadedFleet } from '../complete-fleet';
import { WITHOUT_OBJECTS } from '../problems';
import { missingFile } from '../read-documents';
import { readInventories } from '../read-inventories';
import { resolvedPath, TextStore } from '../text-store';
import { filesBelow } from './find-files';
import { fleetFromManifests } from './fleet-from-manifests';
import { readManifestObjects } from './read-objects';

/** What is said besides the folder. */
export interface ManifestOptions {
  /** The folder of inventories, one file per node. */
  readonly inventory?: string | undefined;
  /** KubeVirt's release, `1.6`; as the KubeVirt object shows it where it is left out. */
  readonly kubevirtVersion?: string | undefined;
}

/**
 * Loads a folder of Kubernetes objects, which no fleet wrote, as a fleet: every YAML and JSON file below it, several documents and
 * `List`s included, read as Kubernetes reads them. Files that name no kind which says anything about host devices are passed over.
 *
 * Never throws.
 *
 * @param folder - as it is shown to the user: `dump`
 */
export function loadManifests(files: FileAccess, folder: string, options: ManifestOptions = {}): LoadedFleet {
  const store = new TextStore(files);
  const place: FilePlace = { kind: 'file', file: folder };
  const paths = filesBelow(store, resolvedPath('', folder), /\.(?:ya?ml|json)$/);
  if (paths === undefined) {
    return {
      fleet: undefined,
      problems: [missingFile(`folder ${folder}`, folder, place, 'folder')],
      sources: store.sources,
    };
  }
  const { objects, problems } = readManifestObjects(store, paths, place);
  const nothing = objects.length === 0 && problems.length === 0 ? [withoutObjects(folder, place)] : [];
  const hardware = inventoriesOf(store, options.inventory);
  const fleet = fleetFromManifests(objects, {
    inventories: hardware.inventories,
    kubevirtVersion: options.kubevirtVersion,
    place,
  });
  return { fleet, problems: [...problems, ...nothing, ...hardware.problems], sources: store.sources };
}

function inventoriesOf(
  store: TextStore,
  folder: string | undefined,
): { readonly inventories: readonly NodeInventory[]; readonly problems: readonly PlacedDiagnostic[] } {
  if (folder === undefined) return { inventories: [], problems: [] };
  return readInventories(store, resolvedPath('', folder), { kind: 'file', file: folder });
}

function withoutObjects(folder: string, at: FilePlace): PlacedDiagnostic {
  return stamp(WITHOUT_OBJECTS, {
    message: `nothing in ${shortened(folder)} says anything about host devices`,
    primary: { at, text: 'no object that the rules look at' },
    help: ['name the folder that holds the KubeVirt object, MachineConfigs, and VMs'],
  });
}
