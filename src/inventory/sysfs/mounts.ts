import type { CapturedTree } from '../capture/captured-tree';
import { COLLECTED } from './machine';

/** One line of a table of mounts. */
export interface Mount {
  /** Where: `/boot/efi`. */
  readonly point: string;
  /** Device number of the file system, `259:2`; undefined where the table does not show it. */
  readonly number: string | undefined;
  /** Which part of the file system is mounted; `/` is all of it. */
  readonly root: string;
  readonly type: string;
  /** What was named as the device: `/dev/nvme0n1p2`, `composefs`. */
  readonly source: string;
}

/**
 * What the host's first process has mounted; undefined where no table was captured. Of captures that have the older table
 * only, numbers are unknown.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/Documentation/filesystems/proc.rst 3.5 mountinfo
 */
export function readMounts(tree: CapturedTree): readonly Mount[] | undefined {
  for (const path of ['proc/1/mountinfo', 'proc/self/mountinfo']) {
    if (tree.has(path)) return tree.lines(path).flatMap(fromMountInfo);
  }
  for (const path of ['proc/1/mounts', 'proc/self/mounts', 'proc/mounts']) {
    if (tree.has(path)) return tree.lines(path).flatMap(fromMounts);
  }
  return undefined;
}

/** What processes have mounted in mount namespaces of their own, as far as the collector saw it. */
export function readContainerMounts(tree: CapturedTree): readonly Mount[] {
  return tree.lines(`${COLLECTED}/container-mounts`).flatMap(fromMountInfo);
}

/** The mount that a path lies on: the one with the longest point, of equals the last, which covers the others. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    if (isInside(path, mount.point) && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found;
}

/** Whether a path is a folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function fromMountInfo(line: string): Mount[] {
  const fields = line.trim().split(' ');
  const dash = fields.indexOf('-', 6);
  const [number, root, point] = fields.slice(2, 5);
  const [type, source] = dash < 0 ? [] : fields.slice(dash + 1, dash + 3);
  if (number === undefined || root === undefined || point === undefined || type === undefined) return [];
  return [{ point: plain(point), number, root: plain(root), type, source: plain(source ?? '') }];
}

function fromMounts(line: string): Mount[] {
  const [source, point, type] = line.trim().split(' ');
  if (source === undefined || point === undefined || type === undefined) return [];
  return [{ point: plain(point), number: undefined, root: '/', type, source: plain(source) }];
}

/** The kernel writes blanks, tabs, line ends and backslashes as `\040` and so on. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
