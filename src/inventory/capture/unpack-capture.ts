import { gunzipSync } from 'node:zlib';
import { accepted, refused, type Parsed } from '../../model';
import { isTar, readTar } from './read-tar';
import type { TreeSource } from './tree-source';

/** The collector's archive of a large machine has 2 MB unpacked; a bomb must end somewhere. */
const LARGEST_ARCHIVE_BYTES = 256 * 1024 * 1024;

/** Forms that look like an archive and are not read, by the bytes they begin with, and what unpacks them. */
const UNREAD: readonly { readonly magic: readonly number[]; readonly form: string; readonly unpack: string }[] = [
  { magic: [0x42, 0x5a, 0x68], form: 'bzip2', unpack: 'tar -xjf' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], form: 'xz', unpack: 'tar -xJf' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], form: 'zstd', unpack: 'tar --zstd -xf' },
  { magic: [0x50, 0x4b, 0x03, 0x04], form: 'zip', unpack: 'unzip' },
];

/** Why bytes that look like an archive cannot be read. */
export interface UnreadableCapture {
  readonly reason: string;
  /** What to do instead, in the imperative; undefined where taking it again is all that helps. */
  readonly help: string | undefined;
}

/** Whether bytes are an archive, rather than text from lspci. */
export function isArchive(bytes: Uint8Array): boolean {
  return isGzip(bytes) || isTar(bytes) || UNREAD.some(({ magic }) => startsWith(bytes, magic));
}

/** Opens a tar archive, plain or packed by gzip. Never throws. */
export function unpackCapture(
  bytes: Uint8Array,
): { readonly ok: true; readonly value: TreeSource } | ({ readonly ok: false } & UnreadableCapture) {
  const unread = UNREAD.find(({ magic }) => startsWith(bytes, magic));
  if (unread !== undefined) {
    return {
      ok: false,
      reason: `packed by ${unread.form}, which is not read`,
      help: `unpack it with \`${unread.unpack}\`, and import the folder`,
    };
  }
  const plain = isGzip(bytes) ? unzipped(bytes) : accepted(bytes);
  if (!plain.ok) return { ...plain, help: undefined };
  if (!isTar(plain.value))
    return { ok: false, reason: 'packed by gzip, and not a tar archive inside', help: undefined };
  const tree = readTar(plain.value);
  return tree.ok ? tree : { ...tree, help: undefined };
}

function unzipped(bytes: Uint8Array): Parsed<Uint8Array> {
  try {
    return accepted(gunzipSync(bytes, { maxOutputLength: LARGEST_ARCHIVE_BYTES }));
  } catch (error) {
    const isTooLarge = error instanceof RangeError || hasCode(error, 'ERR_BUFFER_TOO_LARGE');
    return refused(isTooLarge ? 'the archive is larger than 256 MiB' : 'the gzip data is cut off or damaged');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function isGzip(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0x1f, 0x8b]);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
