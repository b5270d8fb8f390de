import { realpathSync, statSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { nodeDisk } from './disk';

/**
 * Writes one file that is not part of a tree: an inventory file, a report. The folders above it are made. The file has either
 * its old text or the whole new one, also after a kill; a symbolic link stays, the file behind it is replaced. A pipe or a
 * device, such as `/dev/stdout`, is written to.
 *
 * @throws DiskError when the system refuses
 */
export function writeTextFile(path: string, text: string): void {
  if (isSpecial(path)) {
    nodeDisk.write(path, text);
    return;
  }
  const target = behindLinks(path);
  const draft = join(dirname(target), `.hostdev-${basename(target)}`);
  nodeDisk.makeFolder(dirname(target));
  nodeDisk.write(draft, text);
  nodeDisk.rename(draft, target);
}

function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}
