import { parseEvents, type Event } from 'js-yaml';
import type { SourceFile } from '../../source';
import { MAX_DEPTH } from './max-depth';
import { Outline } from './outline';

const outlines = new WeakMap<SourceFile, Outline | undefined>();

/**
 * The event stream of a text: every key, value, beginning and end, as offsets.
 *
 * @throws YAMLException of js-yaml where the text is no valid YAML, or nests deeper than {@link MAX_DEPTH}.
 */
export function eventsOf(source: SourceFile): Event[] {
  return parseEvents(source.text, { maxDepth: MAX_DEPTH });
}

/** From here on a text costs more to parse a second time than its places cost to keep. */
const LONG_TEXT = 256 * 1024;

/** Keeps the places of a text that is read, where making them from its events costs less than parsing it again for one of them. */
export function keepOutline(source: SourceFile, events: readonly Event[]): void {
  if (source.text.length >= LONG_TEXT) outlines.set(source, new Outline(source.text, events));
}

/**
 * The places of all nodes of a text. Made when the first position is asked for and kept as long as the file is.
 *
 * @returns undefined where the text is no valid YAML.
 */
export function outlineOf(source: SourceFile): Outline | undefined {
  if (!outlines.has(source)) outlines.set(source, makeOutline(source));
  return outlines.get(source);
}

function makeOutline(source: SourceFile): Outline | undefined {
  try {
    return new Outline(source.text, eventsOf(source));
  } catch {
    return undefined;
  }
}
