/*
 * A document whose misspelt keys are read as the keys that they were meant to be. A pool whose `passthrogh` is nobody's key
 * hands nothing over, and every VM that asks for its devices would be a finding too: all from one slip.
 */
import { isJsonObject } from '../../model';
import { appendToPointer, pointerSegments, type Pointer } from '../../source';
import type { FleetDocument } from '../document';

/** A key that is not known in its map, and the one that it stands for. */
export interface MisspeltKey {
  /** The map around it. */
  readonly map: Pointer;
  readonly key: string;
  readonly meant: string;
}

/** The document with the keys renamed; its places are still those of what was typed. */
export function readAsMeant(document: FleetDocument, misspelt: readonly MisspeltKey[]): FleetDocument {
  const typed = new Map(misspelt.map(({ map, key, meant }) => [appendToPointer(map, meant), key]));
  const asTyped = (pointer: Pointer): Pointer => {
    let read = '';
    let written = '';
    for (const segment of pointerSegments(pointer)) {
      read = appendToPointer(read, segment);
      written = appendToPointer(written, typed.get(read) ?? segment);
    }
    return written;
  };
  return {
    ...document,
    value: renamed(document.value, '', misspelt),
    placeOf: (pointer, part) => document.placeOf(asTyped(pointer), part),
    typedAt: (pointer) => document.typedAt(asTyped(pointer)),
  };
}

function renamed(value: unknown, pointer: Pointer, misspelt: readonly MisspeltKey[]): unknown {
  const below = misspelt.filter(({ map }) => map === pointer || map.startsWith(`${pointer}/`));
  if (below.length === 0) return value;
  if (Array.isArray(value)) return value.map((item, i) => renamed(item, appendToPointer(pointer, i), below));
  if (!isJsonObject(value)) return value;
  const here = new Map(below.filter(({ map }) => map === pointer).map(({ key, meant }) => [key, meant]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      here.get(key) ?? key,
      renamed(item, appendToPointer(pointer, key), below),
    ]),
  );
}
