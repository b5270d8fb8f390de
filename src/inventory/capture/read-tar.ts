/*
 * A tar archive to a tree: POSIX ustar and pax, with GNU's long names, as GNU tar, busybox, bsdtar and libraries write them.
 * Strict: a header whose sum is wrong, a cut-off archive and a name that leads out of it are refused, since a part of a capture
 * would be read as a machine with less hardware. Linear in the size of the archive; file contents are not copied.
 */
import { accepted, refused, type Parsed } from '../../model';
import type { TreeEntry, TreeSource } from './tree-source';

const BLOCK = 512;

/** Long names and pax records; the kernel's own limit of a path is 4096 bytes. */
const LONGEST_RECORD_BYTES = 64 * 1024;

interface Header {
  readonly name: string;
  readonly link: string;
  readonly size: number;
  readonly type: string;
}

/** What headers of their own say about the entry behind them. */
interface Extension {
  path?: string;
  linkpath?: string;
  size?: number;
}

/** Whether bytes begin with a header of ustar or GNU tar. */
export function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && textOf(bytes.subarray(257, 262)) === 'ustar';
}

/** Reads an archive; the reason where it cannot be trusted. Never throws. */
export function readTar(bytes: Uint8Array): Parsed<TreeSource> {
  const tree = new TarTree();
  let extension: Extension = {};
  let at = 0;
  for (;;) {
    // an end without its two empty blocks is what a cut-off archive looks like, too
    if (at + BLOCK > bytes.length) return refused('the archive is cut off');
    const block = bytes.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) return accepted(tree.source());
    const header = readHeader(block);
    if (!header.ok) return refused(`${header.reason} at byte ${at}`);
    const isExtension = 'xgLK'.includes(header.value.type);
    const size = isExtension ? header.value.size : (extension.size ?? header.value.size);
    const start = at + BLOCK;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if (start + size > bytes.length) return refused('the archive is cut off');
    const content = bytes.subarray(start, start + size);
    if (isExtension) {
      if (size > LONGEST_RECORD_BYTES) return refused('a name in the archive is too long');
      const read = readExtension(header.value.type, content);
      if (!read.ok) return read;
      extension = { ...extension, ...read.value };
      continue;
    }
    const name = extension.path ?? header.value.name;
    const added = tree.add(name, header.value.type, extension.linkpath ?? header.value.link, content);
    if (!added.ok) return added;
    extension = {};
  }
}

class TarTree {
  private readonly entries = new Map<string, TreeEntry>();
  private readonly children = new Map<string, Set<string>>([['', new Set()]]);

  add(name: string, type: string, link: string, content: Uint8Array): Parsed<undefined> {
    const path = normalised(name);
    if (path === undefined) return refused('a name in the archive leads out of it');
    if (path === '') return accepted(undefined);
    switch (type) {
      case '0':
      case '\0':
      case '7':
        this.put(path, { kind: 'file', bytes: () => content });
        break;
      case '1': {
        const target = normalised(link);
        const linked = target === undefined ? undefined : this.entries.get(target);
        if (linked?.kind === 'file') this.put(path, linked);
        break;
      }
      case '2':
        this.put(path, { kind: 'link', target: link });
        break;
      case '5':
        this.folder(path);
        break;
      case 'S':
        return refused('the archive holds sparse files, which are not read');
      // devices, pipes, and what only one program knows, say nothing about a machine
      default:
    }
    return accepted(undefined);
  }

  source(): TreeSource {
    return {
      entry: (path) => {
        const names = this.children.get(path);
        return names === undefined ? this.entries.get(path) : { kind: 'folder', names: () => [...names] };
      },
    };
  }

  private put(path: string, entry: TreeEntry): void {
    // a folder that has something in it cannot become a file: the first one stays
    if (this.children.has(path)) return;
    this.entries.set(path, entry);
    this.enter(path);
  }

  private folder(path: string): void {
    if (this.children.has(path)) return;
    this.entries.delete(path);
    this.children.set(path, new Set());
    this.enter(path);
  }

  private enter(path: string): void {
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, Math.max(slash, 0));
    this.folder(parent);
    this.children.get(parent)?.add(path.slice(slash + 1));
  }
}

/** A name without `.` and doubled slashes; undefined when it leads out of the archive. */
function normalised(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

function readHeader(block: Uint8Array): Parsed<Header> {
  const sum = octal(block.subarray(148, 156));
  let actual = 8 * 32;
  for (const [i, byte] of block.entries()) actual += i >= 148 && i < 156 ? 0 : byte;
  if (sum !== actual) return refused('the archive has a damaged header');
  const size = number(block.subarray(124, 136));
  if (size === undefined) return refused('the archive has a file without a size');
  const name = textOf(block.subarray(0, 100));
  // GNU's own form has times where ustar has the front part of the name
  const isUstar = textOf(block.subarray(257, 265)) === 'ustar' && block[263] === 0x30;
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : '';
  const type = String.fromCharCode(block[156] ?? 0);
  return accepted({
    name: prefix === '' ? name : `${prefix}/${name}`,
    link: textOf(block.subarray(157, 257)),
    // a link has no content, whatever old programs write into its size
    size: '123456'.includes(type) ? 0 : size,
    type,
  });
}

function readExtension(type: string, content: Uint8Array): Parsed<Extension> {
  if (type === 'L') return accepted({ path: textOf(content) });
  if (type === 'K') return accepted({ linkpath: textOf(content) });
  // what a global header says of all entries is about times and owners
  if (type === 'g') return accepted({});
  const extension: Extension = {};
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const length = blank < 0 ? NaN : Number(Buffer.from(content.subarray(at, blank)).toString('latin1'));
    if (!Number.isInteger(length) || length <= blank - at + 1 || at + length > content.length) {
      return refused('the archive has a damaged pax header');
    }
    const record = Buffer.from(content.subarray(blank + 1, at + length - 1)).toString('utf8');
    const equals = record.indexOf('=');
    const key = record.slice(0, Math.max(equals, 0));
    const value = record.slice(equals + 1);
    if (key === 'path') extension.path = value;
    else if (key === 'linkpath') extension.linkpath = value;
    else if (key === 'size') {
      const size = Number(value);
      if (!Number.isSafeInteger(size) || size < 0) return refused('the archive has a damaged pax header');
      extension.size = size;
    } else if (key.startsWith('GNU.sparse')) return refused('the archive holds sparse files, which are not read');
    at += length;
  }
  return accepted(extension);
}

/** Digits to base 8, or GNU's base 256 for what they cannot hold. */
function number(field: Uint8Array): number | undefined {
  if (((field[0] ?? 0) & 0x80) === 0) return octal(field);
  let value = (field[0] ?? 0) & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : undefined;
}

function octal(field: Uint8Array): number | undefined {
  const digits = textOf(field).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : undefined;
}

/** The text up to the first zero byte. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
}
