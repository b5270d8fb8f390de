/*
 * What hostdev's last synth wrote into a tree is known from two files in its root: the index, which is part of the output, and
 * the journal, which is there only while a write is under way or after one was cut off. Both may have been edited, merged or
 * made up, so nothing in them is trusted beyond "a file at this place below the root may be replaced".
 */
import { isJsonObject, type JsonValue } from '../model';
import { sha256Of, type FileContent } from './file-content';
import { isTreePath } from './tree-path';
import type { TreeView } from './tree-view';

/** The name of the index in the root of every tree that hostdev writes. */
export const INDEX_FILE = 'fleet.json';

/**
 * Paths below the root that hostdev wrote, each with the SHA-256 (hexadecimal) of every text that it may have put there. A
 * file without a hash, such as the index, counts as unchanged whatever it holds.
 */
export type OwnedFiles = ReadonlyMap<string, readonly string[]>;

/** What an index or a journal claims. */
export interface Claims {
  readonly owned: OwnedFiles;
  /** Paths that lie outside the root, or are no paths at all: nothing that hostdev wrote. */
  readonly unsafe: readonly string[];
}

/**
 * Reads the `files` of an index: `{ "files": { "kubevirt/kubevirt.kubevirt.yaml": { "sha256": "…" } } }`.
 *
 * @returns undefined when the text is no index
 */
function parseIndex(text: string): Claims | undefined {
  return parseClaims(text, hashInEntry);
}

/**
 * The paths that an index and files do not have in common, or have with different hashes. The index itself is not looked for.
 *
 * @returns undefined when the text is no index
 */
export function indexDifferences(text: string, files: ReadonlyMap<string, FileContent>): string[] | undefined {
  const listed = filesOf(text);
  if (listed === undefined) return undefined;
  const differing = Object.keys(listed).filter((path) => path === INDEX_FILE || !files.has(path));
  for (const [path, content] of files)
    if (path !== INDEX_FILE && hashInEntry(ownEntry(listed, path)) !== sha256Of(content)) differing.push(path);
  return differing;
}

function ownEntry(files: Readonly<Record<string, JsonValue | undefined>>, path: string): JsonValue | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

function hashInEntry(entry: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(entry) ? entry['sha256'] : undefined;
}

/**
 * What the index in a root claims, with the index itself as one of the files.
 *
 * @returns `absent` when there is none, `foreign` when what is there is no index
 */
export function readIndex(view: TreeView): Claims | 'absent' | 'foreign' {
  const { kind } = view.sightOf(INDEX_FILE);
  if (kind === 'absent') return 'absent';
  const claims = kind === 'file' ? parseIndex(view.read(INDEX_FILE)?.toString('utf8') ?? '') : undefined;
  return claims === undefined ? 'foreign' : { ...claims, owned: new Map([...claims.owned, [INDEX_FILE, []]]) };
}

/**
 * Reads the `files` of a JSON object whose entries hold hashes.
 *
 * @param hashesIn - one hash or a list of them, from the value of one entry
 * @returns undefined when the text is no such object; an entry without a hash is still a claim
 */
export function parseClaims(
  text: string,
  hashesIn: (entry: JsonValue | undefined) => JsonValue | undefined,
): Claims | undefined {
  const files = filesOf(text);
  if (files === undefined) return undefined;
  const owned = new Map<string, readonly string[]>();
  const unsafe: string[] = [];
  for (const [path, entry] of Object.entries(files)) {
    if (isTreePath(path)) owned.set(path, textsIn(hashesIn(entry)));
    else unsafe.push(path);
  }
  return { owned, unsafe };
}

function textsIn(hashes: JsonValue | undefined): readonly string[] {
  if (typeof hashes === 'string') return [hashes];
  return Array.isArray(hashes) ? hashes.filter((hash) => typeof hash === 'string') : [];
}

function filesOf(text: string): Readonly<Record<string, JsonValue | undefined>> | undefined {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(index) || !Object.hasOwn(index, 'files')) return undefined;
  const files = index['files'];
  return isJsonObject(files) ? files : undefined;
}
