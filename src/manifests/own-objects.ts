import { jsonAt, type JsonObject } from '../model';
import { kustomizations } from './kustomizations';
import type { Manifest, ManifestSet } from './manifest';
import { objectFile, outputPath } from './output-path';

/**
 * A set with the objects that the user's program put into the fleet by itself, in a folder of their own:
 * `objects/<namespace>/<kind>.<name>.yaml`, `objects/cluster/` for those without a namespace. Of two objects with one
 * identity the later one is written.
 */
export function withOwnObjects(set: ManifestSet, objects: readonly JsonObject[]): ManifestSet {
  if (objects.length === 0) return set;
  const own = objects.map((content): Manifest => {
    const word = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
    const kind = word(content['kind'], 'object');
    const name = word(jsonAt(content, 'metadata', 'name'), 'nameless');
    const namespace = word(jsonAt(content, 'metadata', 'namespace'), 'cluster');
    const path = outputPath('objects', namespace, objectFile(kind, name));
    const key = `object/${namespace}/${kind}/${name}`;
    return { key, path, content, comments: new Map(), modelPath: '', trace: () => ({ kind: 'file', file: path }) };
  });
  const byPath = new Map(own.map((manifest) => [manifest.path, manifest]));
  return {
    manifests: [...set.manifests, ...byPath.values()],
    files: [...set.files, ...kustomizations([...byPath.values()])],
  };
}
