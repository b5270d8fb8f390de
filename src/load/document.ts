import type { Place, Pointer } from '../source';
import type { PlaceBelow } from './entities/values';
import { appendToPointer } from '../source';

/** A scalar as the user typed it, where a text is behind the document: `0010`, `"0010"`. */
export interface TypedScalar {
  readonly text: string;
  /** Whether it stands without quotes. */
  readonly isPlain: boolean;
}

/** A fleet document, or a file that one includes, with the place behind each of its values. */
export interface FleetDocument {
  /** What was read, or what the constructs stand for; not checked. */
  readonly value: unknown;
  /** The folder that its paths are relative to; empty for the working folder. */
  readonly folder: string;
  readonly placeOf: (pointer: Pointer, part?: 'key' | 'value') => Place;
  /**
   * The place function of one entry of a section, where that is quicker than asking for each place by its pointer.
   *
   * @default - made of `placeOf`
   */
  readonly placesInEntry?: (section: string, name: string) => PlaceBelow;
  /** The scalar at a pointer as typed; undefined where there is no text or no scalar. */
  readonly typedAt: (pointer: Pointer) => TypedScalar | undefined;
}

/** The place function of a part of a document. */
export function placesBelow(document: FleetDocument, pointer: Pointer): PlaceBelow {
  return (...path) => document.placeOf(appendToPointer(pointer, ...path));
}
