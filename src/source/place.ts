/*
 * Where an input came from, before anybody asks for a line number. A place is cheap to make (one small object per model
 * entity) and is turned into a Span only for the few that end up in a diagnostic.
 */
import { appendToPointer, type Pointer } from './pointer';
import type { Span } from './span';

/** A value or a key in a YAML document. */
export interface DocumentPlace {
  readonly kind: 'document';
  /** The file as shown to the user. */
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly document: number;
  /** The value's place inside the document. */
  readonly pointer: Pointer;
  /** Whether the key or the value is meant. */
  readonly part: 'key' | 'value';
}

/** A line of the user's program: where a construct was made or a method called. */
export interface CodePlace {
  readonly kind: 'code';
  /** Formats the captured stack; undefined where the runtime gave none. Lines and columns count from 1. */
  readonly frame: () => { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

/** A range of a text that has no document around it: a syntax error, a line of lspci text. */
export interface RangePlace {
  readonly kind: 'range';
  readonly span: Span;
}

/** Nothing that the user wrote: a default, or a whole file that is missing. */
export interface FilePlace {
  readonly kind: 'file';
  /** The file or folder the fact is about, as shown to the user. */
  readonly file: string;
}

/** Where an input came from. */
export type Place = DocumentPlace | CodePlace | RangePlace | FilePlace;

/** A place further down in the same document; code places stay as they are. */
export function placeAt(place: Place, ...segments: readonly (string | number)[]): Place {
  if (place.kind !== 'document') return place;
  const { file, document, pointer } = place;
  return { kind: 'document', file, document, pointer: appendToPointer(pointer, ...segments), part: 'value' };
}

/** The key of a map entry instead of its value; code places stay as they are. */
export function keyPlace(place: Place): Place {
  return place.kind === 'document' && place.part === 'value' ? { ...place, part: 'key' } : place;
}
