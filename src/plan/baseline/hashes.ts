import { hash } from 'node:crypto';
import { compareText, isJsonObject, type JsonValue } from '../../model';

/** How many digits of a hash are kept: enough to tell texts apart, few enough to read past. */
const DIGITS = 16;

/** A hash as a baseline keeps it: the first 16 digits. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, DIGITS);
}

/** The hash of a value that does not depend on the order of keys. */
export function hashOf(value: JsonValue): string {
  return shortHash(hash('sha256', canonicalText(value)));
}

/** A value as JSON with the keys of its maps in order. */
export function canonicalText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalText).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${JSON.stringify(key)}:${canonicalText(item)}`],
  );
  return `{${entries.sort(compareText).join(',')}}`;
}
