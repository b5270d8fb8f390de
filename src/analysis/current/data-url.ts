import { gunzipSync } from 'node:zlib';

/** The machine-config-operator refuses a rendered config that is larger. */
const LARGEST_FILE_BYTES = 1_572_864;

/**
 * The text in a `data:` URL as Ignition writes it, plain with percent signs or base64, and gzipped where `compression` says
 * so.
 *
 * @returns undefined for another kind of URL, and for one that cannot be decoded.
 * @example `dataUrlText('data:,a%20b')` gives `a b`
 */
export function dataUrlText(url: string, compression?: string): string | undefined {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma < 0) return undefined;
  try {
    const isBase64 = /;base64$/i.test(url.slice(0, comma));
    const payload = decodeURIComponent(url.slice(comma + 1));
    const bytes = Buffer.from(payload, isBase64 ? 'base64' : 'utf8');
    if (compression === undefined || compression === '') return bytes.toString('utf8');
    return compression === 'gzip'
      ? gunzipSync(bytes, { maxOutputLength: LARGEST_FILE_BYTES }).toString('utf8')
      : undefined;
  } catch {
    // stray percent signs, or bytes that are no gzip: what the file holds is not known
    return undefined;
  }
}
