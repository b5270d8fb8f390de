import { createHash } from 'node:crypto';
import { textOf, type FileContent } from './file-content';
import { foldersAbove } from './tree-path';
import type { OwnedFiles } from './tree-index';
import type { TreeView } from './tree-view';

/** What has to be done to a tree so that it holds given files; every list is in code unit order. */
export interface WritingPlan {
  /** Files whose text differs or that are not there. */
  readonly write: readonly string[];
  /** Files of ours that are no longer wanted. */
  readonly remove: readonly string[];
  /** Files of ours, to be replaced or removed, that somebody changed since. */
  readonly edited: readonly string[];
  /** What is in the way and not ours to replace. */
  readonly foreign: readonly string[];
  /** Folders that may be empty afterwards, the deepest first. */
  readonly emptied: readonly string[];
  /** Folders that do not exist yet, a folder before those below it. */
  readonly folders: readonly string[];
}

/** Compares a tree with the files that it is to hold. Reads every file that both have, and changes nothing. */
export function planWriting(view: TreeView, files: ReadonlyMap<string, FileContent>, owned: OwnedFiles): WritingPlan {
  const edited: string[] = [];
  const remove: string[] = [];
  const unwanted = [...owned.keys()].filter((path) => !files.has(path)).sort();
  for (const path of unwanted) {
    const { kind } = view.sightOf(path);
    if (kind !== 'file' && kind !== 'link') continue;
    remove.push(path);
    if (!isAsWritten(kind === 'file' ? view.read(path) : undefined, owned.get(path))) edited.push(path);
  }

  const needed = new Set(foldersAbove(files.keys()));
  const emptied = foldersAbove(unwanted)
    .filter((folder) => !needed.has(folder) && view.sightOf(folder).kind === 'folder')
    .reverse();

  const write: string[] = [];
  const foreign = new Set<string>();
  const vanishing = vanishingPaths(view, remove, emptied);
  for (const path of [...files.keys()].sort()) {
    const sight = view.sightOf(path);
    if (sight.kind === 'blocked') {
      if (vanishing.has(sight.by)) write.push(path);
      else foreign.add(sight.by);
    } else if (sight.kind === 'absent') {
      write.push(path);
    } else if (sight.kind === 'folder') {
      if (vanishing.has(path)) write.push(path);
      else foreign.add(path);
    } else {
      const bytes = sight.kind === 'file' ? view.read(path) : undefined;
      if (bytes?.equals(Buffer.from(textOf(files.get(path))))) continue;
      const hashes = sight.kind === 'other' ? undefined : owned.get(path);
      if (hashes === undefined) {
        foreign.add(path);
        continue;
      }
      write.push(path);
      if (!isAsWritten(bytes, hashes)) edited.push(path);
    }
  }

  return {
    write,
    remove,
    edited: edited.sort(),
    foreign: [...foreign].sort(),
    emptied,
    folders: foldersAbove(write).filter((folder) => view.sightOf(folder).kind !== 'folder'),
  };
}

/** What will be gone: the removed files, and the folders of ours that hold nothing else, so that something may take their place. */
function vanishingPaths(view: TreeView, remove: readonly string[], emptied: readonly string[]): ReadonlySet<string> {
  const vanishing = new Set(remove);
  for (const folder of emptied) {
    const names = [...view.entriesOf(folder).keys()];
    if (names.every((name) => vanishing.has(`${folder}/${name}`))) vanishing.add(folder);
  }
  return vanishing;
}

/** Whether bytes are a text that hostdev put there; a file whose text is recorded nowhere counts as one. */
function isAsWritten(bytes: Buffer | undefined, hashes: readonly string[] = []): boolean {
  if (hashes.length === 0) return true;
  return bytes !== undefined && hashes.includes(createHash('sha256').update(bytes).digest('hex'));
}
