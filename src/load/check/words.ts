import { appendToPointer, pointerSegments, type Pointer } from '../../source';
import { shapeAt, type DocumentRole, type Shape } from './shape';

const LONGEST_VALUE = 40;

/**
 * What a spot is called in a message: `nodes`, `passthrough[0]`, and with its section where the key is an id: `devices.t4`.
 * Ids of the user's own are the only words that are not fixed.
 */
export function spotName(role: DocumentRole, pointer: Pointer): string {
  const segments = pointerSegments(pointer);
  let first = segments.length - 1;
  while (first > 0 && /^\d+$/.test(segments[first] ?? '')) first--;
  const named = segments.slice(0, first + 1);
  const isEntry = shapeAt(role, appendToPointer('', ...named))?.isEntry ?? false;
  const key = (isEntry && first > 0 ? [segments[first - 1], segments[first]] : [segments[first]]).join('.');
  const indices = segments.slice(first + 1).map((index) => `[${index}]`);
  return segments.length === 0 ? 'the document' : `\`${shortened(key)}${indices.join('')}\``;
}

/** A text as it is shown inside a message: on one line, and not longer than 40 characters. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}

/** What was found, in words: `the number 10`, `a list`. */
export function foundWords(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${String(value)}`;
  return 'text';
}

/** What a schema takes, in words: `a list`, `true or false`, or what the schema itself says. */
export function expectedWords(shape: Shape): string {
  return shape['x-expected'] ?? typeWords(shape);
}

/** The types that a schema takes, in words. */
export function typeWords(shape: Shape): string {
  const types = shape.type === undefined ? [] : [shape.type].flat();
  return joined(
    types.map((type) => TYPE_WORDS[type] ?? type),
    'or',
  );
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  boolean: 'true or false',
  integer: 'a whole number',
};

/** Texts as one clause: `a`, `a and b`, `a, b, and c`. */
function joined(texts: readonly string[], conjunction: 'and' | 'or' | 'nor'): string {
  if (texts.length < 3) return texts.join(` ${conjunction} `);
  return `${texts.slice(0, -1).join(', ')}, ${conjunction} ${texts.at(-1) ?? ''}`;
}

/** Texts in backticks as one clause; more than three stand apart like the choices of a usage line: `a | b | c | d`. */
export function quotedList(texts: readonly string[], conjunction: 'and' | 'or' | 'nor'): string {
  if (texts.length > 3) return `\`${texts.join(' | ')}\``;
  return joined(
    texts.map((text) => `\`${text}\``),
    conjunction,
  );
}
