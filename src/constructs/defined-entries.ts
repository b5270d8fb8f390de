import type { JsonValue } from '../model';

/** The own entries of an object that have a value. */
export function definedEntries(entries: object): Record<string, JsonValue> {
  const defined: Record<string, JsonValue> = {};
  for (const key of Object.keys(entries)) {
    const value = (entries as Readonly<Record<string, unknown>>)[key];
    if (value !== undefined) defined[key] = value as JsonValue;
  }
  return defined;
}
