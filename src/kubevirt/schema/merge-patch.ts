/** Any value that JSON.parse gives. */
type Parsed = unknown;

/**
 * Applies a JSON merge patch (RFC 7396): null removes, an object merges, anything else replaces. Neither argument is
 * changed; parts that the patch does not reach are shared with the target.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7396
 */
export function applyMergePatch(target: Parsed, patch: Parsed): Parsed {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, applyMergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isObject(value: Parsed): value is Record<string, Parsed> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
