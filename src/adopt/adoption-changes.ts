/*
 * What applying an adopted fleet would change in the objects that it was adopted from, as the controllers compare them: the proof that
 * adopting changes nothing, and the list of what it does change.
 */
import type { Manifest } from '../manifests';
import {
  isJsonObject,
  isVirtualMachineKind,
  jsonAt,
  type CurrentObject,
  type JsonObject,
  type JsonValue,
} from '../model';
import { listAt } from '../openshift';
import { hashOf, toConfigState } from '../plan';
import { fullName } from './left-objects';

/** One object that would not be as it is. */
export interface AdoptionChange {
  readonly kind: string;
  readonly name: string;
  /** What differs: `kernel arguments`, `file /etc/modprobe.d/vfio.conf`, `is new`. */
  readonly what: string;
}

/**
 * Compares what a fleet emits with the objects that are there.
 *
 * @param manifests - what the fleet compiles to
 * @param objects - the objects that it was adopted from
 */
export function adoptionChanges(manifests: readonly Manifest[], objects: readonly CurrentObject[]): AdoptionChange[] {
  const originals = new Map(objects.map((object) => [identity(object.kind, object), object]));
  return manifests.flatMap(({ content }): AdoptionChange[] => {
    const kind = textOf(content['kind']);
    const name = textOf(jsonAt(content, 'metadata', 'name'));
    const namespace = jsonAt(content, 'metadata', 'namespace');
    const key = { name, namespace: typeof namespace === 'string' ? namespace : undefined };
    const original = originals.get(identity(kind, key));
    return differences(kind, content, original).map((what) => ({ kind, name: fullName(key), what }));
  });
}

function identity(
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
): string {
  return JSON.stringify([kind, isVirtualMachineKind(kind) ? (namespace ?? 'default') : (namespace ?? ''), name]);
}

function differences(kind: string, content: JsonObject, original: CurrentObject | undefined): string[] {
  if (original === undefined) return ['it is new'];
  switch (kind) {
    case 'MachineConfig':
      return ofMachineConfig(original.content, content);
    case 'MachineConfigPool':
      return ['nodeSelector', 'machineConfigSelector', 'maxUnavailable'].flatMap((field) => {
        const written = jsonAt(content, 'spec', field);
        return written === undefined || same(written, jsonAt(original.content, 'spec', field)) ? [] : [`\`${field}\``];
      });
    default:
      return partsThatDiffer(withoutLists(content['spec']), withoutLists(original.content['spec']), '').concat(
        listsThatDiffer(content['spec'], original.content['spec'], ''),
      );
  }
}

function ofMachineConfig(before: JsonObject, after: JsonObject): string[] {
  const state = (content: JsonObject): ReturnType<typeof toConfigState> =>
    toConfigState({ path: '', kind: 'MachineConfig', name: '', hash: undefined }, content);
  const [old, young] = [state(before), state(after)];
  return [
    ...(old.role === young.role ? [] : ['the pool that its label names']),
    ...(same(old.kernelArguments, young.kernelArguments) ? [] : ['kernel arguments']),
    ...entriesThatDiffer('file', old.files, young.files),
    ...entriesThatDiffer('unit', old.units, young.units),
    ...(old.rest === young.rest ? [] : ['what else it holds']),
  ];
}

function entriesThatDiffer(
  what: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${what} ${name}${before.has(name) ? (after.has(name) ? '' : ', which goes') : ', which is new'}`);
}

/** A partial object changes what it says: every value in it that the other has otherwise. */
function partsThatDiffer(written: JsonValue | undefined, there: JsonValue | undefined, path: string): string[] {
  if (!isJsonObject(written)) return written === undefined || same(written, there) ? [] : [`\`${path}\``];
  return Object.entries(written).flatMap(([key, value]) =>
    partsThatDiffer(value, jsonAt(there, key), path === '' ? key : `${path}.${key}`),
  );
}

/** Lists of a partial object, entry by entry in whatever order; those of VMs are in the order that counts. */
function listsThatDiffer(written: JsonValue | undefined, there: JsonValue | undefined, path: string): string[] {
  if (Array.isArray(written)) {
    const before = new Set(listAt(there).map((one) => hashOf(entryOf(one))));
    const after = new Set((written as readonly JsonValue[]).map((one) => hashOf(entryOf(one))));
    const isSame = before.size === after.size && [...after].every((hash) => before.has(hash));
    return isSame ? [] : [`list \`${path}\``];
  }
  if (!isJsonObject(written)) return [];
  return Object.entries(written).flatMap(([key, value]) =>
    listsThatDiffer(value, jsonAt(there, key), path === '' ? key : `${path}.${key}`),
  );
}

/** What is false where it is left out is the same left out. */
function entryOf(entry: JsonValue): JsonValue {
  if (!isJsonObject(entry)) return entry;
  return Object.fromEntries(
    Object.entries(entry).filter(
      ([key, value]) => !((key === 'externalResourceProvider' || key === 'disabled') && value === false),
    ),
  );
}

function withoutLists(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return undefined;
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const kept = withoutLists(item);
      return kept === undefined ? [] : [[key, kept] as const];
    }),
  );
}

function same(a: unknown, b: unknown): boolean {
  return hashOf((a ?? null) as JsonValue) === hashOf((b ?? null) as JsonValue);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
