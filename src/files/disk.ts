import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { DiskError, systemCode } from './disk-error';

/** What a name in a folder stands for; a symbolic link is never followed. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/**
 * The few operations that writing a tree consists of, so that a test can stop after any of them. Paths use `/`.
 *
 * Every operation throws {@link DiskError} when the system refuses for a reason that its result does not name.
 */
export interface Disk {
  /** The names in a folder, or undefined when there is no such folder. */
  readonly list: (folder: string) => ReadonlyMap<string, EntryKind> | undefined;
  /** The bytes of a file, or undefined when there is none. */
  readonly read: (path: string) => Buffer | undefined;
  /** Makes a file with this text (UTF-8), or replaces what it holds. */
  readonly write: (path: string, text: string) => void;
  /** Makes a file that does not exist yet; false when it does. */
  readonly create: (path: string, text: string) => boolean;
  /**
   * Moves a file onto a path in one step; what was there is replaced. A folder is moved with all that it holds, onto what is not there or
   * an empty folder. False when there is nothing to move.
   */
  readonly rename: (from: string, to: string) => boolean;
  /** Removes a file or a symbolic link; nothing happens when it is gone. */
  readonly removeFile: (path: string) => void;
  /** Makes a folder and those above it; nothing happens when it exists. */
  readonly makeFolder: (path: string) => void;
  /** Removes a folder when it is empty; nothing happens otherwise. */
  readonly removeFolder: (path: string) => void;
}

/** The real disk. */
export const nodeDisk: Disk = {
  list: (folder) =>
    orElse(folder, ['ENOENT', 'ENOTDIR'], undefined, () => {
      const entries = new Map<string, EntryKind>();
      for (const entry of readdirSync(folder, { withFileTypes: true })) entries.set(entry.name, kindOf(entry));
      return entries;
    }),
  read: (path) => orElse(path, ['ENOENT', 'ENOTDIR'], undefined, () => readFileSync(path)),
  write: (path, text) => orElse(path, [], undefined, () => writeFileSync(path, text)),
  create: (path, text) =>
    orElse(path, ['EEXIST'], false, () => {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    }),
  rename: (from, to) =>
    orElse(to, ['ENOENT'], false, () => {
      renameSync(from, to);
      return true;
    }),
  removeFile: (path) => orElse(path, ['ENOENT', 'ENOTDIR'], undefined, () => unlinkSync(path)),
  makeFolder: (path) =>
    orElse(path, [], undefined, () => {
      mkdirSync(path, { recursive: true });
    }),
  removeFolder: (path) => orElse(path, ['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST'], undefined, () => rmdirSync(path)),
};

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function orElse<T>(path: string, expected: readonly string[], otherwise: T, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    if (expected.includes(code)) return otherwise;
    throw new DiskError(path, code, { cause: error });
  }
}
