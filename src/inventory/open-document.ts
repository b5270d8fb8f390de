import { stamp, type PlacedDiagnostic, type Problem } from '../diagnostics';
import { isJsonObject, type JsonObject } from '../model';
import { placeAt, type DocumentPlace, type SourceFile } from '../source';
import { rawScalar, readYaml, singleDocument } from '../yaml';
import { DocumentFields } from './document-fields';
import { INVENTORY_API_VERSION, ROOT_KEYS } from './inventory-document';
import { shown } from './wording';

/** What a file should hold. */
export interface ExpectedDocument {
  readonly kind: string;
  /** What is said of a document of another kind. */
  readonly stranger: Problem;
}

/** Reads the one document of a file, and hands its fields to whoever knows them. Never throws. */
export function openDocument<T>(
  source: SourceFile,
  expected: ExpectedDocument,
  read: (fields: DocumentFields, root: JsonObject, place: DocumentPlace) => T | undefined,
): { readonly value: T | undefined; readonly problems: readonly PlacedDiagnostic[] } {
  const text = readYaml(source);
  const { document, problem } = singleDocument(source, text);
  if (document === undefined) {
    return { value: undefined, problems: problem === undefined ? text.problems : [...text.problems, problem] };
  }
  const place: DocumentPlace = {
    kind: 'document',
    file: source.path,
    document: document.index,
    pointer: '',
    part: 'value',
  };
  const stranger = strangerFinding(document.value, place, expected);
  if (stranger !== undefined) return { value: undefined, problems: [...text.problems, stranger] };
  const fields = new DocumentFields((at) => rawScalar(source, at.document, at.pointer)?.text);
  const root = fields.map(document.value, place, ROOT_KEYS) ?? {};
  const value = read(fields, root, place);
  return { value, problems: [...text.problems, ...fields.problems] };
}

function strangerFinding(
  value: unknown,
  place: DocumentPlace,
  expected: ExpectedDocument,
): PlacedDiagnostic | undefined {
  const apiVersion = isJsonObject(value) && Object.hasOwn(value, 'apiVersion') ? value['apiVersion'] : undefined;
  const kind = isJsonObject(value) && Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
  if (apiVersion === INVENTORY_API_VERSION && kind === expected.kind) return undefined;
  const isOtherKind = kind !== expected.kind;
  const found = isOtherKind ? kind : apiVersion;
  const key = isOtherKind ? 'kind' : 'apiVersion';
  const wanted = isOtherKind ? expected.kind : INVENTORY_API_VERSION;
  const seen = typeof found === 'string' ? shown(found) : undefined;
  return stamp(expected.stranger, {
    message: seen === undefined ? `the document has no \`${key}: ${wanted}\`` : `\`${key}\` is ${seen}, not ${wanted}`,
    primary: { at: seen === undefined ? place : placeAt(place, key), text: `expected \`${key}: ${wanted}\`` },
  });
}
