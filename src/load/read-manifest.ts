import { stamp, type PlacedDiagnostic } from '../diagnostics';
import {
  isJsonObject,
  isMachineSet,
  isVirtualMachineKind,
  jsonAt,
  MACHINE_LAYOUTS,
  type CurrentObject,
} from '../model';
import { placeAt, type DocumentPlace } from '../source';
import { misplacedMachineField } from './check/key-findings';
import { shortened } from './check/words';
import { partsOf } from './entities/machine-parts';
import { MACHINE_FIELDS, type MachineManifest } from './entities/virtual-machine';
import { mapOf, textOf } from './entities/values';
import type { Entry } from './merge-sections';
import { MISMATCHED_MANIFEST } from './problems';
import { missingFile } from './read-documents';
import { readObjects } from './read-current';
import { resolvedPath, type TextStore } from './text-store';

/** What the manifest of one VM holds, as far as it could be read. */
export interface ReadManifest {
  readonly manifest: MachineManifest | undefined;
  readonly problems: readonly PlacedDiagnostic[];
}

/** Reads the file that an entry of `virtualMachines` names in `manifest`, and compares it with what the entry says. */
export function readManifest(store: TextStore, entry: Entry, manifest: string): ReadManifest {
  const path = resolvedPath(entry.folder, manifest);
  const source = store.source(path);
  if (source === undefined) {
    return {
      manifest: undefined,
      problems: [missingFile(`manifest ${shortened(manifest)}`, path, entry.at('manifest'))],
    };
  }
  const { objects, problems } = readObjects(source);
  const [object, second] = objects;
  if (object === undefined) {
    const nothing = mismatch(entry, 'the manifest holds no object', 'names a file without content');
    return { manifest: undefined, problems: problems.length > 0 ? problems : [nothing] };
  }
  if (second !== undefined) {
    const several = mismatch(
      entry,
      `the manifest holds ${objects.length} objects, a VM is one`,
      'second object',
      second.place,
    );
    return { manifest: undefined, problems: [...problems, several] };
  }
  const read = toManifest(object, entry);
  return { manifest: read.manifest, problems: [...problems, ...read.problems] };
}

function toManifest(object: CurrentObject & { readonly place: DocumentPlace }, entry: Entry): ReadManifest {
  const { kind, content, place } = object;
  if (!isVirtualMachineKind(kind)) {
    const text = 'expected a VM, an instance, a pool or a replica set';
    const stranger = mismatch(
      entry,
      `the manifest is a ${shortened(kind)}, not a VM`,
      text,
      placeAt(place, 'kind') as DocumentPlace,
    );
    return { manifest: undefined, problems: [stranger] };
  }
  const path = MACHINE_LAYOUTS[kind].spec;
  const spec = jsonAt(content, ...path);
  if (!isJsonObject(spec)) {
    const text = `has no \`${path.join('.')}\``;
    return { manifest: undefined, problems: [mismatch(entry, `the manifest of a ${kind} has no spec`, text, place)] };
  }
  const parts = partsOf(kind, content);
  const manifest: MachineManifest = {
    kind,
    name: object.name,
    namespace: object.namespace,
    spec,
    ...parts,
    templateMetadata: kind === 'VirtualMachineInstance' ? {} : parts.templateMetadata,
    atSpec: (...below) => placeAt(place, ...path, ...below),
  };
  return { manifest, problems: [...differences(entry, manifest, place), ...misplacedFields(entry, manifest)] };
}

function differences(entry: Entry, manifest: MachineManifest, place: DocumentPlace): PlacedDiagnostic[] {
  const declared = mapOf(entry.value);
  const kind = textOf(declared['kind']);
  if (kind !== undefined && kind !== manifest.kind && isVirtualMachineKind(kind)) {
    const message = `VM ${entry.name} is a ${kind}, its manifest a ${manifest.kind}`;
    return [
      mismatch(entry, message, 'the manifest says another kind', placeAt(place, 'kind') as DocumentPlace, 'kind'),
    ];
  }
  if (declared['name'] !== undefined || manifest.name === entry.name) return [];
  return [
    {
      ...mismatch(
        entry,
        `VM ${entry.name} takes its spec from an object named ${shortened(manifest.name)}`,
        'this name is not used',
        placeAt(place, 'metadata', 'name') as DocumentPlace,
      ),
      severity: 'warning',
      help: ['say which name is meant in `name`'],
    },
  ];
}

/** The schema has seen to entries that say their kind; this is for those whose kind the manifest says. */
function misplacedFields(entry: Entry, { kind }: MachineManifest): PlacedDiagnostic[] {
  const declared = mapOf(entry.value);
  if (declared['kind'] !== undefined) return [];
  const misplaced = [
    ...(MACHINE_LAYOUTS[kind].machine === undefined ? MACHINE_FIELDS : []),
    ...(isMachineSet(kind) ? [] : ['replicas']),
    ...(kind === 'VirtualMachineInstance' ? ['templateMetadata'] : []),
  ];
  return misplaced
    .filter((field) => declared[field] !== undefined)
    .map((field) => misplacedMachineField(field, entry.at(field)));
}

function mismatch(
  entry: Entry,
  message: string,
  text: string,
  at?: DocumentPlace,
  key: 'manifest' | 'kind' = 'manifest',
): PlacedDiagnostic {
  const own = entry.at(key);
  return stamp(MISMATCHED_MANIFEST, {
    message,
    primary: { at: at ?? own, text },
    secondary:
      at === undefined ? [] : [{ at: own, text: key === 'kind' ? 'the fleet says this kind' : 'read from here' }],
  });
}
