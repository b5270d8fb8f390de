import { nodeDisk, type Disk } from './disk';
import { DiskError } from './disk-error';
import { folderOf, foldersAbove, nameOf } from './tree-path';

/** What came of writing files that must all be new. */
export type NewFilesResult =
  | { readonly kind: 'written' }
  /** Something is there already, or stands where a folder is needed; nothing was written. Paths below the root, sorted. */
  | { readonly kind: 'exists'; readonly paths: readonly string[] }
  /** The disk refused, in words: `no space left on the device`; what had been written was taken away again. */
  | { readonly kind: 'failed'; readonly path: string; readonly reason: string };

/**
 * Writes files that do not exist yet, all of them or none, and never over anything: not over a file, not through a symbolic link
 * below the root. Unlike `writeTree` it keeps no index: from then on the files belong to whoever asked for them.
 *
 * @param root - the folder, made when it does not exist
 * @param files - text by path below the root: `src/main.ts`
 */
export function writeNewFiles(
  root: string,
  files: ReadonlyMap<string, string>,
  options: { readonly disk?: Disk } = {},
): NewFilesResult {
  const disk = options.disk ?? nodeDisk;
  const folders = foldersAbove(files.keys());
  const undo: (() => void)[] = [];
  try {
    const there = [
      ...folders.filter((path) => !['folder', undefined].includes(kindAt(disk, root, path))),
      ...[...files.keys()].filter((path) => kindAt(disk, root, path) !== undefined),
    ];
    if (there.length > 0) return { kind: 'exists', paths: there.sort() };
    for (const folder of ['', ...folders]) {
      const path = folder === '' ? root : `${root}/${folder}`;
      if (disk.list(path) === undefined) undo.unshift(() => disk.removeFolder(path));
      disk.makeFolder(path);
    }
    for (const [path, text] of files) {
      const full = `${root}/${path}`;
      const remove = (): void => disk.removeFile(full);
      undo.unshift(remove);
      if (disk.create(full, text)) continue;
      // made by somebody else since we looked: theirs
      undo.splice(undo.indexOf(remove), 1);
      undoAll(undo);
      return { kind: 'exists', paths: [path] };
    }
    return { kind: 'written' };
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    undoAll(undo);
    return { kind: 'failed', path: error.path, reason: error.reason };
  }
}

function kindAt(disk: Disk, root: string, path: string): string | undefined {
  const folder = folderOf(path);
  return disk.list(folder === '' ? root : `${root}/${folder}`)?.get(nameOf(path));
}

function undoAll(steps: readonly (() => void)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      // a disk that refuses this too: the first refusal is the one to report
      if (!(error instanceof DiskError)) throw error;
    }
  }
}
