import { pointerSegments, type DocumentPlace, type Pointer, type SourceFile, type Span } from '../../source';
import { outlineOf } from './events';
import { locateInBrokenText } from './locate-broken';
import type { Outline, YamlStyle } from './outline';

type Offsets = readonly [start: number, end: number];

/** A scalar as the user typed it. */
export interface RawScalar {
  /** From the first character to the last, quotes and block header included: `0010`, `"0010"`. */
  readonly text: string;
  readonly style: YamlStyle;
  readonly span: Span;
}

/** Where a walk along a pointer has come to. */
interface Spot {
  /** The key of a map's entry; undefined for list items and whole documents. */
  readonly key: number | undefined;
  /** The value, an alias not yet followed. */
  readonly value: number;
}

/**
 * Turns a place of a YAML text into a range of it.
 *
 * A value is marked from its first character to its last, without the comments and blank lines behind it; a value that has
 * no text is marked at its key, an empty list item at its dash. Where the pointer names something that does not exist, the deepest parent that does is
 * marked: at its key, or on its first line when it has none. Inside an alias the text behind the anchor is marked.
 *
 * Never throws; in a text that is no valid YAML the answer is the best guess.
 */
export function locateInYaml(source: SourceFile, place: DocumentPlace): Span {
  const segments = pointerSegments(place.pointer);
  const outline = outlineOf(source);
  const [start, end] =
    outline === undefined
      ? locateInBrokenText(source, place.document, segments, place.part)
      : (rangeAt(outline, source.text, place.document, segments, place.part) ??
        firstLine(source.text, 0, source.text.length));
  return { file: source.path, start, end };
}

/**
 * The text behind a scalar value, as it was typed.
 *
 * @param document - which document of the file, from 0
 * @returns undefined where there is no such value, or where it is a list, a map, or empty.
 */
export function rawScalar(source: SourceFile, document: number, pointer: Pointer): RawScalar | undefined {
  const outline = outlineOf(source);
  const spot = outline === undefined ? undefined : walk(outline, document, pointerSegments(pointer)).found;
  if (outline === undefined || spot === undefined) return undefined;
  const value = outline.targetOf(spot.value) ?? spot.value;
  const range = outline.rangeOf(value);
  if (!outline.isWritten(value) || range === undefined) return undefined;
  const [start, end] = range;
  return {
    text: source.text.slice(start, end),
    style: outline.styleOf(value),
    span: { file: source.path, start, end },
  };
}

function rangeAt(
  outline: Outline,
  text: string,
  document: number,
  segments: readonly string[],
  part: 'key' | 'value',
): Offsets | undefined {
  const { trail, found } = walk(outline, document, segments);
  const wanted = found === undefined || part === 'key' ? undefined : outline.rangeOf(found.value);
  if (wanted !== undefined) return wanted;
  // what does not exist, or has no text, is shown at the nearest key, or on the first line of what has no key
  for (const spot of [...trail].reverse()) {
    const key = spot.key === undefined ? undefined : outline.rangeOf(spot.key);
    if (key !== undefined) return key;
    const value = outline.rangeOf(spot.value);
    if (value !== undefined) return firstLine(text, value[0], value[1]);
  }
  return undefined;
}

/** Follows a pointer as far as it goes: everything passed on the way, and the end of the way if it was reached. */
function walk(
  outline: Outline,
  document: number,
  segments: readonly string[],
): { readonly trail: readonly Spot[]; readonly found: Spot | undefined } {
  const root = outline.root(document);
  if (root === undefined) return { trail: [], found: undefined };
  let spot: Spot = { key: undefined, value: root };
  const trail = [spot];
  for (const segment of segments) {
    const child = childOf(outline, spot.value, segment, new Set());
    if (child === undefined) return { trail, found: undefined };
    trail.push(child);
    spot = child;
  }
  return { trail, found: spot };
}

/** `searched` are the maps that are known not to have the entry: merge keys may lead in a circle. */
function childOf(outline: Outline, parent: number, segment: string, searched: Set<number>): Spot | undefined {
  const node = outline.targetOf(parent) ?? parent;
  switch (outline.kindOf(node)) {
    case 'mapping': {
      if (searched.has(node)) return undefined;
      searched.add(node);
      const key = outline.keyIn(node, segment);
      return key === undefined ? mergedChildOf(outline, node, segment, searched) : { key, value: outline.after(key) };
    }
    case 'sequence': {
      const item = /^\d+$/.test(segment) ? outline.itemIn(node, Number(segment)) : undefined;
      return item === undefined ? undefined : { key: undefined, value: item };
    }
    case 'scalar':
    case 'alias':
    case 'none':
      return undefined;
  }
}

/** An entry that a merge key brings in from elsewhere. */
function mergedChildOf(outline: Outline, mapping: number, segment: string, searched: Set<number>): Spot | undefined {
  const merge = outline.keyIn(mapping, '<<');
  if (merge === undefined || segment === '<<') return undefined;
  const value = outline.after(merge);
  const merged = outline.targetOf(value) ?? value;
  const sources = outline.kindOf(merged) === 'sequence' ? outline.itemsOf(merged) : [merged];
  for (const source of sources) {
    const isMap = outline.kindOf(outline.targetOf(source) ?? source) === 'mapping';
    const child = isMap ? childOf(outline, source, segment, searched) : undefined;
    if (child !== undefined) return child;
  }
  return undefined;
}

/** A range cut off at the end of its first line. */
function firstLine(text: string, start: number, end: number): Offsets {
  const lineEnd = text.indexOf('\n', start);
  const stop = lineEnd < 0 || lineEnd > end ? end : lineEnd;
  return [start, start + text.slice(start, stop).trimEnd().length];
}
