/** Names directly below the root that only a write in progress uses. */
const RESERVED = '.hostdev-';

/** A drive, a backslash, a NUL, or a part that is empty, `.` or `..`. */
const NOT_A_TREE_PATH = /^[A-Za-z]:|[\\\0]|(?:^|\/)(?:\.{1,2})?(?:\/|$)/;

/**
 * Whether a path names a file below a root and nothing else: relative, parts separated by `/`, no part empty, `.` or `..`,
 * none that Windows reads as another separator or a drive, and not a name that a write in progress uses.
 *
 * @example `kubevirt/kubevirt.kubevirt.yaml` is one, `../notes.txt` is not
 */
export function isTreePath(path: string): boolean {
  return !path.startsWith(RESERVED) && !NOT_A_TREE_PATH.test(path);
}

/** The folder that a path lies in; the root is the empty text. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders above these paths, without the root, each once, a folder before those below it. */
export function foldersAbove(paths: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = folderOf(path); folder !== '' && !folders.has(folder); folder = folderOf(folder))
      folders.add(folder);
  }
  // a folder's name is a prefix of the names below it, so code unit order puts it first
  return [...folders].sort();
}
