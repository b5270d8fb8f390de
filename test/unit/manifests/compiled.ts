import { analyse, type Analysis } from '../../../src/analysis';
import { loadFleet } from '../../../src/load';
import { makeManifests, type Manifest, type ManifestSet } from '../../../src/manifests';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../../src/model';
import type { FileAccess } from '../../../src/source';
import { emitYaml } from '../../../src/yaml';

/** A fleet file's text compiled to manifests, without judgement by rules. */
export interface Compiled {
  readonly analysis: Analysis;
  readonly set: ManifestSet;
  /** The manifest under a key. */
  readonly manifest: (key: string) => Manifest;
  /** Whether there is a manifest under a key. */
  readonly has: (key: string) => boolean;
  /** The text of a file as it is written. */
  readonly text: (path: string) => string;
}

/** Compiles `fleet.yaml` with these further files beside it. */
export function compiled(yaml: string, files: Readonly<Record<string, string>> = {}): Compiled {
  const { fleet, problems } = loadFleet(inMemory({ ...files, 'fleet.yaml': yaml }), 'fleet.yaml');
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (fleet === undefined || errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return compiledAnalysis(analyse(fleet));
}

/** Manifests of an analysis that a test made itself. */
export function compiledAnalysis(analysis: Analysis): Compiled {
  const set = makeManifests(analysis);
  const byKey = new Map(set.manifests.map((manifest) => [manifest.key, manifest]));
  const texts = new Map([
    ...set.manifests.map(({ path, content, comments }) => [path, `---\n${emitYaml(content, { comments })}`] as const),
    ...set.files.map(({ path, text }) => [path, text] as const),
  ]);
  return {
    analysis,
    set,
    manifest: (key) => required(byKey.get(key), key, byKey.keys()),
    has: (key) => byKey.has(key),
    text: (path) => required(texts.get(path), path, texts.keys()),
  };
}

/** The value at a path of a manifest. */
export function at(manifest: Manifest, ...path: readonly (string | number)[]): JsonValue | undefined {
  return jsonAt(manifest.content, ...path);
}

/** The text behind a data URL of Ignition, by the file's path. */
export function ignitionFiles(
  manifest: Manifest,
): Map<string, { readonly text: string; readonly mode: JsonValue | undefined }> {
  const files = at(manifest, 'spec', 'config', 'storage', 'files');
  return new Map(
    (Array.isArray(files) ? (files as readonly JsonObject[]) : []).map((file) => {
      const source = jsonAt(file, 'contents', 'source') as string;
      const text = Buffer.from(source.slice(source.indexOf(',') + 1), 'base64').toString();
      return [file['path'] as string, { text, mode: file['mode'] }];
    }),
  );
}

/** Every pointer of a value's leaves. */
export function leafPointers(value: JsonValue | undefined, pointer = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => leafPointers(item, `${pointer}/${i}`));
  if (!isJsonObject(value)) return [pointer];
  return Object.entries(value).flatMap(([key, inner]) =>
    leafPointers(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

function required<T>(value: T | undefined, key: string, keys: Iterable<string>): T {
  if (value === undefined) throw new Error(`there is no ${key}; there are ${[...keys].join(', ')}`);
  return value;
}

function inMemory(files: Readonly<Record<string, string>>): FileAccess {
  const names = Object.keys(files).sort();
  return {
    readText: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    listFolder: (folder) => {
      const inside = names.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1));
      return inside.length === 0 ? undefined : inside.filter((name) => !name.includes('/'));
    },
  };
}
