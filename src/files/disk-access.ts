import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, constants } from 'node:fs';
import { compareText } from '../model';
import type { FileAccess } from '../source';

const LARGEST_TEXT_BYTES = 64 * 1024 * 1024;

/**
 * The real file system as the loader sees it.
 *
 * A text is UTF-8; bytes that are not become U+FFFD. Only regular files of at most 64 MiB are read: a pipe or a device would
 * keep the program waiting, and no text of this field comes near that size.
 */
export function diskAccess(): FileAccess {
  return { readText, listFolder, realFolder };
}

function readText(path: string): string | undefined {
  let handle: number | undefined;
  try {
    // without O_NONBLOCK, opening a pipe that nobody writes to waits for ever
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(handle);
    return found.isFile() && found.size <= LARGEST_TEXT_BYTES ? readFileSync(handle, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function listFolder(path: string): readonly string[] | undefined {
  try {
    return readdirSync(path).sort(compareText);
  } catch {
    return undefined;
  }
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
