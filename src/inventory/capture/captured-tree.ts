/*
 * A captured tree with links followed the way the kernel follows them. Captures are sparse: a link may point to what nobody
 * captured, or out of the tree. So a path is resolved as far as the tree goes, and what lies behind is kept as it is spelled:
 * `sys/class/block/sda` is known to be `sys/devices/pci0000:00/0000:00:17.0/…/sda` even where that folder was left out.
 */
import { compareNatural } from '../../model';
import type { TreeEntry, TreeSource } from './tree-source';

/** As many as the kernel follows before it calls it a loop. */
const MOST_LINKS = 40;

/** Values in sysfs are short; the longest texts here are lists of mounts. */
const LONGEST_TEXT_BYTES = 16 * 1024 * 1024;

/** Read access to one machine's captured files. */
export class CapturedTree {
  private readonly source: TreeSource;
  private readonly entries = new Map<string, TreeEntry | undefined>();
  private readonly resolved = new Map<string, string | undefined>();

  /** Takes the tree that holds `sys` at its top. */
  constructor(source: TreeSource) {
    this.source = source;
  }

  /** Whether anything that can be looked into stands at a path, links followed. */
  has(path: string): boolean {
    const real = this.real(path);
    return real !== undefined && this.at(real) !== undefined;
  }

  /** Whether a folder stands at a path, links followed. */
  hasFolder(path: string): boolean {
    const real = this.real(path);
    return real !== undefined && this.at(real)?.kind === 'folder';
  }

  /** The names in a folder, in natural order; none where there is no such folder. */
  names(path: string): readonly string[] {
    const real = this.real(path);
    const entry = real === undefined ? undefined : this.at(real);
    return entry?.kind === 'folder' ? [...entry.names()].sort(compareNatural) : [];
  }

  /** The bytes of a file, or undefined when there is none that can be read. */
  bytes(path: string): Uint8Array | undefined {
    const real = this.real(path);
    const entry = real === undefined ? undefined : this.at(real);
    const bytes = entry?.kind === 'file' ? entry.bytes() : undefined;
    return bytes !== undefined && bytes.length <= LONGEST_TEXT_BYTES ? bytes : undefined;
  }

  /** The text of a file (UTF-8), or undefined when there is none that can be read. */
  text(path: string): string | undefined {
    const bytes = this.bytes(path);
    return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  }

  /** The first line of a file without blanks around it; undefined when there is nothing on it. */
  line(path: string): string | undefined {
    const line = this.text(path)?.split('\n', 1)[0]?.trim();
    return line === undefined || line === '' ? undefined : line;
  }

  /** The lines of a file that are not blank; none where there is no such file. */
  lines(path: string): readonly string[] {
    return (this.text(path) ?? '').split('\n').filter((line) => line.trim() !== '');
  }

  /** The last part of a link's target, whether that is in the tree or not: the driver's name of `driver`. */
  linkName(path: string): string | undefined {
    const slash = path.lastIndexOf('/');
    const parent = this.real(path.slice(0, Math.max(slash, 0)));
    if (parent === undefined) return undefined;
    const entry = this.at(joined(parent, path.slice(slash + 1)));
    return entry?.kind === 'link' ? entry.target.replace(/\/+$/, '').split('/').pop() : undefined;
  }

  /** Where a path leads when every link on it is followed; undefined when it leads out of the tree, or in a circle. */
  real(path: string): string | undefined {
    const known = this.resolved.get(path);
    if (known !== undefined || this.resolved.has(path)) return known;
    const real = this.resolve(path);
    this.resolved.set(path, real);
    return real;
  }

  private resolve(path: string): string | undefined {
    const rest = path.split('/').reverse();
    let real = '';
    let links = 0;
    while (rest.length > 0) {
      const name = rest.pop() ?? '';
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (real === '') return undefined;
        real = real.slice(0, Math.max(real.lastIndexOf('/'), 0));
        continue;
      }
      const next = joined(real, name);
      const entry = this.at(next);
      if (entry?.kind !== 'link') {
        real = next;
        continue;
      }
      if (++links > MOST_LINKS) return undefined;
      if (entry.target.startsWith('/')) real = '';
      rest.push(...entry.target.split('/').reverse());
    }
    return real;
  }

  private at(path: string): TreeEntry | undefined {
    let entry = this.entries.get(path);
    if (entry === undefined && !this.entries.has(path)) {
      entry = this.source.entry(path);
      this.entries.set(path, entry);
    }
    return entry;
  }
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
