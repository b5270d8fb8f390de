/*
 * The fleet document that a tree of constructs stands for: the same value that a YAML file holds, with the line that made
 * each part. Both doors lead to one loader, so they cannot differ in defaults or in what they refuse.
 */
import type { JsonValue } from '../model';
import { parentPointer, type Place, type Pointer } from '../source';

/** A document under construction: values by pointer, and the place behind each. */
export class Declaration {
  private readonly places = new Map<Pointer, Place>();
  private readonly fallback: Place;

  /** Starts with the place that stands for everything without one. */
  constructor(fallback: Place) {
    this.fallback = fallback;
  }

  /** States where the value at a pointer came from. */
  setPlace(pointer: Pointer, place: Place): void {
    this.places.set(pointer, place);
  }

  /** The place of the deepest value around a pointer that has one. */
  placeOf(pointer: Pointer): Place {
    for (let at = pointer; at !== ''; at = parentPointer(at)) {
      const place = this.places.get(at);
      if (place !== undefined) return place;
    }
    return this.fallback;
  }
}

/** An object of the entries that have a value. */
export function definedEntries(entries: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
  const defined: Record<string, JsonValue> = {};
  for (const key in entries) {
    const value = entries[key];
    if (value !== undefined && Object.hasOwn(entries, key)) defined[key] = value as JsonValue;
  }
  return defined;
}
