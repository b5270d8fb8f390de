import type { VendorDevicePlugin } from '../model';
import type { FileAccess, Place, Pointer } from '../source';
import { checkDocument } from './check/check-document';
import type { FleetDocument } from './document';
import { completeFleet, type LoadedFleet } from './complete-fleet';
import { readIncluded } from './read-documents';
import { TextStore } from './text-store';

/** What {@link fleetFromValue} needs besides the value. */
export interface FleetValueOptions {
  /** Where the value at a pointer came from. */
  readonly placeOf: (pointer: Pointer) => Place;
  /**
   * The same for everything in one entry of a section, which is looked up once.
   *
   * @default - made of `placeOf`
   */
  readonly placesInEntry?: (section: string, name: string) => (...path: readonly (string | number)[]) => Place;
  readonly files: FileAccess;
  /** The folder of inventories, from the working folder. */
  readonly inventory: string | undefined;
  /** The folder of live objects, from the working folder. */
  readonly current: string | undefined;
  /** Device plugins that the program brings; a device names one in `devicePlugin`. */
  readonly vendorPlugins: readonly VendorDevicePlugin[];
}

/**
 * Loads a fleet from a value that has the form of a fleet document. Checks, defaults and reshaping are those of
 * {@link loadFleet}, so that a fleet in TypeScript and one in YAML cannot differ in them. Paths in the value are relative to
 * the working folder.
 *
 * Never throws.
 */
export function fleetFromValue(value: unknown, options: FleetValueOptions): LoadedFleet {
  const { placeOf, placesInEntry, files, inventory, current, vendorPlugins } = options;
  const store = new TextStore(files);
  const document: FleetDocument = {
    value,
    folder: '',
    placeOf: (pointer) => placeOf(pointer),
    ...(placesInEntry === undefined ? {} : { placesInEntry }),
    typedAt: () => undefined,
  };
  const checked = checkDocument(document, 'fleet');
  if (!checked.isFleet) return { fleet: undefined, problems: checked.problems, sources: store.sources };
  const { included, problems } = readIncluded(store, '', checked.document);
  return completeFleet(
    store,
    {
      document: checked.document,
      included,
      inventory: inventory === undefined ? undefined : { path: inventory, place: placeOf('/spec/inventory') },
      current: current === undefined ? undefined : { path: current, place: placeOf('/spec/cluster/current') },
      vendorPlugins,
    },
    [...checked.problems, ...problems],
  );
}
