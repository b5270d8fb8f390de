/** Any JSON value: what manifests and the pieces of them that users write consist of. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Whether a value is a JSON object: neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys and indices, or undefined where the path ends early. */
export function jsonAt(value: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const step of path) {
    if (Array.isArray(at)) at = typeof step === 'number' ? (at as readonly JsonValue[])[step] : undefined;
    else if (isJsonObject(at)) at = ownValue(at, step);
    else return undefined;
  }
  return at;
}

/**
 * A copy to add entries to. They are set one by one: what adding to a spread object makes has a hidden class of its own each
 * time, so that a thousand copies are slow to read for everybody.
 *
 * @param valueOf - what a key has in the copy
 * @default - what it has in the object
 */
export function copyOf(
  object: JsonObject,
  valueOf: (key: string) => JsonValue | undefined = (key) => object[key],
): Record<string, JsonValue | undefined> {
  const copy: Record<string, JsonValue | undefined> = {};
  for (const key of Object.keys(object)) {
    const value = valueOf(key);
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
    else copy[key] = value;
  }
  return copy;
}

function ownValue(object: JsonObject, key: string | number): JsonValue | undefined {
  const value = object[key];
  // most keys name nothing that every object inherits, and asking an object what it owns is dear
  return value === undefined || !(key in Object.prototype) || Object.hasOwn(object, key) ? value : undefined;
}
