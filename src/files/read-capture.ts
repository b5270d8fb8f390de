import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TreeEntry, TreeSource } from '../inventory';

const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

/** What a path holds: the bytes of a file, or a folder that is read as it is asked for. */
export type Capture =
  { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'folder'; readonly source: TreeSource };

/**
 * Opens a file or a folder that holds hardware facts; undefined when there is nothing that can be read.
 *
 * Of a folder only what is asked for is read, so the folder may be `/sys` of a running machine. Links inside are shown and
 * never followed; a link that leads to the folder itself is.
 */
export function readCapture(path: string): Capture | undefined {
  const found = orElse(undefined, () => statSync(path, { throwIfNoEntry: false }));
  if (found?.isDirectory() === true) {
    return { kind: 'folder', source: { entry: (name) => entryAt(name === '' ? `${path}/.` : join(path, name)) } };
  }
  const bytes = readBytes(path);
  return bytes === undefined ? undefined : { kind: 'bytes', bytes };
}

function entryAt(path: string): TreeEntry | undefined {
  switch (kindAt(path)) {
    case 'folder':
      return { kind: 'folder', names: () => orElse([], () => readdirSync(path)) };
    case 'link': {
      const target = orElse(undefined, () => readlinkSync(path));
      return target === undefined ? undefined : { kind: 'link', target };
    }
    case 'file':
      return { kind: 'file', bytes: () => readBytes(path) };
    case undefined:
      return undefined;
  }
}

function kindAt(path: string): TreeEntry['kind'] | undefined {
  const found = orElse(undefined, () => lstatSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return undefined;
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'link';
  return found.isFile() ? 'file' : undefined;
}

function readBytes(path: string): Uint8Array | undefined {
  let handle: number | undefined;
  try {
    // without O_NONBLOCK, opening a pipe that nobody writes to waits for ever
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(handle);
    return found.isFile() && found.size <= LARGEST_FILE_BYTES ? readFileSync(handle) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
