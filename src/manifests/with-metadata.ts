import { isJsonObject, jsonAt, type JsonObject } from '../model';
import type { Manifest } from './manifest';

/** A manifest with other labels or annotations: what `change` makes of those that are there. */
export function withMetadata(
  manifest: Manifest,
  field: 'labels' | 'annotations',
  change: (present: JsonObject) => JsonObject,
): Manifest {
  const { key, path, content, comments, machine, modelPath } = manifest;
  const metadata = mapOr(content['metadata']);
  return {
    key,
    path,
    content: { ...content, metadata: { ...metadata, [field]: change(mapOr(metadata[field])) } },
    comments,
    machine,
    modelPath,
    trace: (pointer) => manifest.trace(pointer),
  };
}

/** The name of a manifest's object; empty where it has none. */
export function objectName({ content }: Manifest): string {
  const name = jsonAt(content, 'metadata', 'name');
  return typeof name === 'string' ? name : '';
}

function mapOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
