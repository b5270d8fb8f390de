import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { isJsonObject, jsonAt, type CurrentObject, type JsonObject, type JsonValue } from '../model';
import { placeAt, type DocumentPlace, type Place, type SourceFile } from '../source';
import { readYaml } from '../yaml';
import { foundWords, shortened } from './check/words';
import { textOf } from './entities/values';
import { DUPLICATE_OBJECT, NOT_AN_OBJECT } from './problems';
import { missingFile } from './read-documents';
import type { TextStore } from './text-store';

/** Reads a folder of live objects: every document of every YAML and JSON file in it, and every item of a `List`. */
export function readCurrent(
  store: TextStore,
  folder: string,
  at: Place,
): { readonly objects: readonly CurrentObject[]; readonly problems: readonly PlacedDiagnostic[] } {
  const paths = store.filesIn(folder, /\.(?:ya?ml|json)$/);
  if (paths === undefined)
    return { objects: [], problems: [missingFile('the folder of live objects', folder, at, 'folder')] };
  const problems: PlacedDiagnostic[] = [];
  const byIdentity = new Map<string, CurrentObject>();
  for (const path of paths) {
    const source = store.source(path);
    if (source === undefined) {
      problems.push(missingFile(`live object ${path}`, path, at));
      continue;
    }
    const read = readObjects(source);
    problems.push(...read.problems);
    for (const object of read.objects) {
      const identity = identityOf(object);
      const first = byIdentity.get(identity);
      if (first === undefined) byIdentity.set(identity, object);
      else problems.push(duplicate(first, object));
    }
  }
  return { objects: [...byIdentity.values()], problems };
}

/** What one file of objects holds. */
export interface ReadObjects {
  readonly objects: readonly (CurrentObject & { readonly place: DocumentPlace })[];
  readonly problems: readonly PlacedDiagnostic[];
  /** What is no object, among the problems too, with the kind that it says it is. */
  readonly strangers: readonly { readonly kind: string | undefined; readonly problem: PlacedDiagnostic }[];
}

/** The objects of one file, read as kubectl reads it. */
export function readObjects(source: SourceFile): ReadObjects {
  const { documents, problems } = readYaml(source, { dialect: 'kubernetes' });
  const objects: (CurrentObject & { readonly place: DocumentPlace })[] = [];
  const strangers: ReadObjects['strangers'][number][] = [];
  for (const { index, value } of documents) {
    if (value === null) continue;
    const place: DocumentPlace = { kind: 'document', file: source.path, document: index, pointer: '', part: 'value' };
    for (const item of itemsOfList(value, place)) {
      const object = toObject(item.value, item.place);
      if ('code' in object) strangers.push({ kind: textOf(jsonAt(item.value as JsonValue, 'kind')), problem: object });
      else objects.push(object);
    }
  }
  return { objects, problems: [...problems, ...strangers.map(({ problem }) => problem)], strangers };
}

function itemsOfList(
  value: unknown,
  place: DocumentPlace,
): readonly { readonly value: unknown; readonly place: DocumentPlace }[] {
  if (!isJsonObject(value)) return [{ value, place }];
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [{ value, place }];
  return (items as readonly unknown[]).map((item, i) => ({
    value: item,
    place: placeAt(place, 'items', i) as DocumentPlace,
  }));
}

function toObject(
  content: unknown,
  place: DocumentPlace,
): (CurrentObject & { readonly place: DocumentPlace }) | PlacedDiagnostic {
  if (!isJsonObject(content)) return notAnObject(`a document is ${foundWords(content)}, not an object`, place);
  const apiVersion = textOf(content['apiVersion']);
  const kind = textOf(content['kind']);
  const name = textOf(jsonAt(content, 'metadata', 'name'));
  if (apiVersion === undefined || kind === undefined || name === undefined) {
    const missing = apiVersion === undefined ? 'apiVersion' : kind === undefined ? 'kind' : 'metadata.name';
    return notAnObject(`an object has no \`${missing}\``, place);
  }
  return { apiVersion, kind, name, namespace: textOf(jsonAt(content, 'metadata', 'namespace')), content, place };
}

function notAnObject(message: string, at: DocumentPlace): PlacedDiagnostic {
  return stamp(NOT_AN_OBJECT, { message, primary: { at, text: 'not as `kubectl get -o yaml` prints it' } });
}

/** Versions of one API group show the same object. */
export function identityOf({ apiVersion, kind, namespace, name }: CurrentObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, namespace ?? '', name]);
}

function duplicate(first: CurrentObject, second: CurrentObject): PlacedDiagnostic {
  const name = [second.namespace, second.name].filter((part) => part !== undefined).join('/');
  return stamp(DUPLICATE_OBJECT, {
    message: `${shortened(second.kind)} ${shortened(name)} is there twice`,
    primary: { at: nameOf(second.place, second.content), text: 'second copy' },
    secondary: [{ at: nameOf(first.place, first.content), text: 'first copy' }],
    help: ['keep the copy that was taken last'],
  });
}

function nameOf(place: Place, content: JsonObject): Place {
  return content['metadata'] === undefined ? place : placeAt(place, 'metadata', 'name');
}
