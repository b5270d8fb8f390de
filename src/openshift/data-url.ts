import { gunzipSync } from 'node:zlib';
import { accepted, refused, type Parsed } from '../model';

/** More than any file that a node is prepared with; a small text can be the compressed form of a very large one. */
const LARGEST_FILE_BYTES = 4 * 1024 * 1024;

const FORM = /^data:([^,]{0,200}),/i;

/**
 * The text behind the `source` of an Ignition file: `data:,options%20vfio-pci` or `data:text/plain;base64,b3B0aW9ucw==`.
 *
 * @param compression - the file's `compression`: absent, empty or `gzip`
 * @returns the text, or the reason why the machine-config-daemon cannot read it either; never throws.
 * @see https://github.com/openshift/machine-config-operator/blob/release-4.20/pkg/controller/common/helpers.go (DecodeIgnitionFileContents)
 */
export function decodeDataUrl(source: string, compression?: string): Parsed<string> {
  const head = FORM.exec(source);
  if (head === null) return refused('only `data:` URLs are read after the installation');
  const bytes = dataOf(source.slice(head[0].length), /;\s*base64\s*$/i.test(head[1] ?? ''));
  if (bytes === undefined) return refused('the data is not well-formed');
  if (compression === undefined || compression === '') return accepted(bytes.toString('utf8'));
  if (compression !== 'gzip') return refused(`compression is absent or \`gzip\``);
  try {
    return accepted(gunzipSync(bytes, { maxOutputLength: LARGEST_FILE_BYTES }).toString('utf8'));
  } catch {
    return refused('the data is not compressed by gzip');
  }
}

function dataOf(data: string, isBase64: boolean): Buffer | undefined {
  let plain: string;
  try {
    plain = decodeURIComponent(data);
  } catch {
    // bytes that are no UTF-8 are legal here; nothing that a node is prepared with has them
    return undefined;
  }
  if (!isBase64) return Buffer.from(plain, 'utf8');
  const compact = plain.replace(/\s/g, '');
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(compact) ? Buffer.from(compact, 'base64') : undefined;
}
