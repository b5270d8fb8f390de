import { isDeepStrictEqual } from 'node:util';

/**
 * The JSON merge patch (RFC 7396) that makes `to` of `from`; undefined when they are equal.
 *
 * @throws Error when `to` holds a null, which a merge patch cannot write.
 */
export function makeMergePatch(from: unknown, to: unknown): unknown {
  if (isDeepStrictEqual(from, to)) return undefined;
  if (!isObject(from) || !isObject(to)) return withoutNull(to);
  const patch = new Map<string, unknown>();
  for (const key of Object.keys(from).sort()) if (!Object.hasOwn(to, key)) patch.set(key, null);
  for (const key of Object.keys(to).sort()) {
    const part = Object.hasOwn(from, key) ? makeMergePatch(from[key], to[key]) : withoutNull(to[key]);
    if (part !== undefined) patch.set(key, part);
  }
  return Object.fromEntries(patch);
}

function withoutNull(value: unknown): unknown {
  if (value === null) throw new Error('a merge patch cannot write null');
  if (Array.isArray(value)) value.forEach(withoutNull);
  else if (isObject(value)) Object.values(value).forEach(withoutNull);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
