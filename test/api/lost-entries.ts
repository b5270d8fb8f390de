import { isDeepStrictEqual } from 'node:util';

/** What the API server keeps of its own accord. */
const SERVER_OWNED = ['.metadata.generation', '.metadata.resourceVersion', '.metadata.managedFields'];

/**
 * What an object had and another has not, as paths: fields, and items of lists, whose order says nothing here. What the patch in
 * between says itself is not lost but changed.
 *
 * @example lostEntries({ a: [1, 2], b: 3 }, { a: [2] }) // ['.a[0]', '.b']
 */
export function lostEntries(before: unknown, after: unknown, patch?: unknown, path = ''): string[] {
  if (SERVER_OWNED.includes(path)) return [];
  if (Array.isArray(before)) {
    const left = Array.isArray(after) ? (after as readonly unknown[]) : [];
    return before.flatMap((item: unknown, i) =>
      left.some((other) => isDeepStrictEqual(item, other)) ? [] : [`${path}[${i}]`],
    );
  }
  if (isMap(before)) {
    const kept = isMap(after) ? after : {};
    return Object.entries(before).flatMap(([key, value]) =>
      lostEntries(value, kept[key], isMap(patch) ? patch[key] : undefined, `${path}.${key}`),
    );
  }
  return before === after || (patch !== undefined && patch === after) ? [] : [path];
}

/** The paths at which a patch says otherwise than an object, in the words of server-side apply: an atomic list is one path. */
export function changedLeaves(before: unknown, patch: unknown, path = ''): string[] {
  if (before === undefined || isDeepStrictEqual(before, patch)) return [];
  if (isMap(before) && isMap(patch)) {
    return Object.entries(patch).flatMap(([key, value]) => changedLeaves(before[key], value, `${path}.${key}`));
  }
  return [path];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
