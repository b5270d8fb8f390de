import type { JsonValue } from '../model';

/** The own entries of an object that have a value; the object itself where all have one. */
export function definedEntries(entries: object): Readonly<Record<string, JsonValue>> {
  const all = entries as Readonly<Record<string, JsonValue>>;
  const isDefined = (value: unknown): boolean => value !== undefined;
  if (Object.values(all).every(isDefined)) return all;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => isDefined(value)));
}
