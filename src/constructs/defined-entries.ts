import type { JsonValue } from '../model';

/**
 * A new object of the own entries that have a value; later objects win.
 *
 * Entries are set one by one: what spread makes of thousands of objects has a hidden class each, and is slow to read for everybody.
 */
export function definedEntries(...objects: readonly object[]): Record<string, JsonValue> {
  const defined: Record<string, JsonValue> = {};
  for (const entries of objects as readonly Readonly<Record<string, unknown>>[]) {
    for (const key of Object.keys(entries)) {
      const value = entries[key];
      if (value !== undefined) defined[key] = value as JsonValue;
    }
  }
  return defined;
}
