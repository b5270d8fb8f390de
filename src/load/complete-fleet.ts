import type { PlacedDiagnostic } from '../diagnostics';
import type { CurrentObject, Fleet, JsonValue, NodeInventory, VendorDevicePlugin } from '../model';
import { jsonAt } from '../model';
import type { Place, SourceFile } from '../source';
import { assembleFleet } from './assemble-fleet';
import type { FleetDocument } from './document';
import { isJsonObject } from '../model';
import { readForeignMachines } from './manifests/foreign-machines';
import { mergeSections } from './merge-sections';
import { readCurrent } from './read-current';
import { readInventories } from './read-inventories';
import type { TextStore } from './text-store';

/** A fleet as far as it could be read, with everything that was found on the way. */
export interface LoadedFleet {
  /** Undefined when the document is so broken that no model makes sense. */
  readonly fleet: Fleet | undefined;
  readonly problems: readonly PlacedDiagnostic[];
  /** Every text that was read, by the path shown to the user. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

/** A folder that a fleet names. */
export interface NamedFolder {
  /** From the working folder. */
  readonly path: string;
  /** Where it is named. */
  readonly place: Place;
}

/** What a fleet is loaded from, once its documents have been read and checked. */
export interface FleetSources {
  /** The fleet's own document. */
  readonly document: FleetDocument;
  /** In an order that no list of includes decides. */
  readonly included: readonly FleetDocument[];
  readonly inventory: NamedFolder | undefined;
  readonly current: NamedFolder | undefined;
  readonly vendorPlugins: readonly VendorDevicePlugin[];
}

/** The last steps of both doors: merge, read the folders, make the model. */
export function completeFleet(
  store: TextStore,
  sources: FleetSources,
  found: readonly PlacedDiagnostic[],
): LoadedFleet {
  const { document, included, vendorPlugins } = sources;
  const { sections, problems: clashes } = mergeSections([document, ...included]);
  const { inventories, problems: ofInventories } = inventoriesOf(store, sources.inventory);
  const { objects, problems: ofObjects } = objectsOf(store, sources.current);
  const problems = [...found, ...clashes, ...ofInventories, ...ofObjects];
  if (!isJsonObject(jsonAt(document.value as JsonValue, 'spec'))) {
    return { fleet: undefined, problems, sources: store.sources };
  }
  const foreign = readForeignMachines(store, document);
  const assembled = assembleFleet({ document, sections, current: objects, inventories, vendorPlugins, foreign }, store);
  return { fleet: assembled.fleet, problems: [...problems, ...assembled.problems], sources: store.sources };
}

function inventoriesOf(
  store: TextStore,
  folder: NamedFolder | undefined,
): { readonly inventories: readonly NodeInventory[]; readonly problems: readonly PlacedDiagnostic[] } {
  return folder === undefined ? { inventories: [], problems: [] } : readInventories(store, folder.path, folder.place);
}

function objectsOf(
  store: TextStore,
  folder: NamedFolder | undefined,
): { readonly objects: readonly CurrentObject[] | undefined; readonly problems: readonly PlacedDiagnostic[] } {
  return folder === undefined ? { objects: undefined, problems: [] } : readCurrent(store, folder.path, folder.place);
}
