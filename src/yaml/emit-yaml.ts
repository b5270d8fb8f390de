/*
 * Values to YAML text that every reader takes for the same values: YAML 1.2 and 1.1, and the mixture that kubectl and the
 * API server read. Keys are sorted while writing, nothing is copied, and the text is built front to back.
 */
import { InternalError } from '../diagnostics';
import { compareText, type JsonObject } from '../model';
import { appendToPointer, type Pointer } from '../source';
import { formatConstant, formatText, LONGEST_BARE_KEY, quoteText } from './scalars/format-scalar';

/** How an object is written. */
export interface EmitYamlOptions {
  /**
   * Texts drawn as comments above the key or the item that a pointer names, without the `#`; lines end at LF. The comment of an
   * item's first key stands above the item, because both are on one line. A pointer that names nothing draws nothing.
   */
  readonly comments?: ReadonlyMap<Pointer, string>;
  /**
   * Keys of the outermost map that come first, in this order; all others are sorted by code unit.
   *
   * @default ['apiVersion', 'kind', 'metadata']
   */
  readonly topOrder?: readonly string[];
  /**
   * Whether the document begins with the line `---`.
   *
   * @default false
   */
  readonly isMarked?: boolean;
}

/** How deep collections may stand inside each other in what is written. */
export const MAX_EMITTED_DEPTH = 100;

const TOP_ORDER: readonly string[] = ['apiVersion', 'kind', 'metadata'];
const PADS = Array.from({ length: MAX_EMITTED_DEPTH + 2 }, (_, depth) => '  '.repeat(depth));

/** What cannot stand under a `|`, where nothing can be escaped; the first line must not begin with a blank. */
const NOT_IN_BLOCK =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /^\s|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
/** A line of nothing but blanks: readers differ on whether it belongs to the text. */
const BLANK_LINE = /\n[ \t]+(?:\n|$)/;
/** What no reader allows in a comment, or takes for the end of its line. */
const NOT_IN_COMMENT =
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * Writes an object as one YAML document with a line feed at its end.
 *
 * Keys whose value is undefined are left out. A text stands bare only where every reader sees that text; else it stands in double
 * quotes, or under a `|` when it has several lines. An empty object is `{}`.
 *
 * @throws InternalError for what JSON does not have (infinity, a function), and for more than 100 levels.
 */
export function emitYaml(value: JsonObject, options: EmitYamlOptions = {}): string {
  return new Emitter(options).emit(value, options.isMarked === true);
}

/** Where a value that is no collection stands in a document: what is behind its key or dash. */
export interface ScalarSpot {
  readonly start: number;
  readonly end: number;
  /** How deep it stands, as {@link scalarBehind} takes it. */
  readonly depth: number;
}

/** {@link emitYaml} of a marked document, with the spots of its scalars in the order of the text. */
export function emitWithSpots(value: JsonObject): { readonly text: string; readonly spots: readonly ScalarSpot[] } {
  const spots: ScalarSpot[] = [];
  return { text: new Emitter({}, spots).emit(value, true), spots };
}

class Emitter {
  private readonly topOrder: readonly string[];
  /** Undefined when there are none: then no pointer is built either. */
  private readonly comments: ReadonlyMap<Pointer, string> | undefined;
  /** Every line stands behind its line feed: what begins a line can be kept, and what follows is one piece more. */
  private text = '';
  /** Where spots go; undefined when nobody asks for them. */
  private readonly spots: ScalarSpot[] | undefined;

  constructor(options: EmitYamlOptions, spots?: ScalarSpot[]) {
    this.spots = spots;
    this.topOrder = options.topOrder ?? TOP_ORDER;
    this.comments = options.comments === undefined || options.comments.size === 0 ? undefined : options.comments;
  }

  emit(value: JsonObject, isMarked: boolean): string {
    if (isMarked) this.text = '---';
    this.comment('', 0);
    if (!this.map(value, outermostKeys(value, this.topOrder), 0, false, '')) this.text += '\n{}';
    this.text += '\n';
    return isMarked ? this.text : this.text.slice(1);
  }

  /**
   * The entries of a map that have a value.
   *
   * @param isItem - whether the first one stands behind the dash of an item
   * @returns whether there are any.
   */
  private map(map: JsonMap, keys: readonly string[], depth: number, isItem: boolean, pointer: Pointer): boolean {
    let isFirst = true;
    for (const key of keys) {
      const value = map[key];
      if (value === undefined) continue;
      if (isFirst) requireShallow(depth);
      const inner = this.comments === undefined ? '' : appendToPointer(pointer, key);
      const isBehindDash = isFirst && isItem;
      if (this.comments !== undefined) this.comment(inner, isBehindDash ? depth - 1 : depth);
      const lines = linesOf(key);
      if (isBehindDash) this.text += lines.ofItem[depth] ??= itemLine(key, depth);
      else this.text += lines.ofMap[depth] ??= keyLine(key, depth);
      this.value(value, depth + 1, inner);
      isFirst = false;
    }
    return !isFirst;
  }

  /** What follows a key or a dash. */
  private value(value: unknown, depth: number, pointer: Pointer): void {
    if (Array.isArray(value)) {
      if (value.length === 0) this.text += ' []';
      else this.list(value as readonly unknown[], depth, pointer);
    } else if (isMap(value)) {
      if (!this.map(value, sortedKeys(value), depth, false, pointer)) this.text += ' {}';
    } else {
      const start = this.text.length;
      this.text += scalarBehind(value, depth);
      this.spots?.push({ start, end: this.text.length, depth });
    }
  }

  private list(items: readonly unknown[], depth: number, pointer: Pointer): void {
    requireShallow(depth);
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      const inner = this.comments === undefined ? '' : appendToPointer(pointer, i);
      if (this.comments !== undefined) this.comment(inner, depth);
      if (isMap(item) && this.map(item, sortedKeys(item), depth + 1, true, inner)) continue;
      this.text += `\n${padOf(depth)}-`;
      if (isMap(item)) this.text += ' {}';
      else this.value(item, depth + 1, inner);
    }
  }

  private comment(pointer: Pointer, depth: number): void {
    const comment = this.comments?.get(pointer);
    if (comment === undefined) return;
    for (const line of comment.split(/\r?\n/))
      this.text += `\n${`${padOf(depth)}# ${line.replace(NOT_IN_COMMENT, ' ')}`.trimEnd()}`;
  }
}

function requireShallow(depth: number): void {
  if (depth >= MAX_EMITTED_DEPTH) throw new InternalError(`a value nests more than ${MAX_EMITTED_DEPTH} levels deep`);
}

/** Objects of a fleet repeat a few hundred keys and words; what else they hold is formatted each time. */
const MOST_KEPT = 1_000;
const LONGEST_KEPT = 64;
const KEPT_LINES = new Map<string, KeyLines>();
const KEPT_TEXTS = new Map<string, string>();

/** The keys of the outermost map in the order in which they are written. */
export function outermostKeys(map: JsonMap, topOrder: readonly string[] = TOP_ORDER): string[] {
  const last = topOrder.length;
  const rank = (key: string): number => (topOrder.indexOf(key) + last + 1) % (last + 1);
  return Object.keys(map).sort((a, b) => rank(a) - rank(b) || compareText(a, b));
}

/**
 * What is no collection, behind a key or a dash, with the blank before it.
 *
 * @throws InternalError for what JSON does not have.
 */
export function scalarBehind(value: unknown, depth: number): string {
  return typeof value === 'string' ? textBehind(value, depth) : ` ${formatConstant(value)}`;
}

/** A text behind a key or a dash, with the blank before it. */
function textBehind(text: string, depth: number): string {
  if (text.length > LONGEST_KEPT) return ` ${text.includes('\n') ? formatLines(text, padOf(depth)) : formatText(text)}`;
  let written = KEPT_TEXTS.get(text);
  if (written !== undefined) return written;
  // how lines are written depends on where they stand
  if (text.includes('\n')) return ` ${formatLines(text, padOf(depth))}`;
  written = ` ${formatText(text)}`;
  if (KEPT_TEXTS.size < MOST_KEPT) KEPT_TEXTS.set(text, written);
  return written;
}

/** How lines with one key begin, by their depth. */
interface KeyLines {
  /** `\n    name:` */
  readonly ofMap: string[];
  /** `\n  - name:` */
  readonly ofItem: string[];
}

function keyLine(key: string, depth: number): string {
  return `\n${formatKey(key, padOf(depth), padOf(depth))}`;
}

/** The line of an item's first key; `depth` is that of the keys. */
function itemLine(key: string, depth: number): string {
  return `\n${formatKey(key, `${padOf(depth - 1)}- `, padOf(depth))}`;
}

function linesOf(key: string): KeyLines {
  let lines = KEPT_LINES.get(key);
  if (lines === undefined) {
    lines = { ofMap: [], ofItem: [] };
    if (KEPT_LINES.size < MOST_KEPT && key.length <= LONGEST_KEPT) KEPT_LINES.set(key, lines);
  }
  return lines;
}

function formatKey(key: string, before: string, pad: string): string {
  const name = formatText(key);
  return name.length > LONGEST_BARE_KEY ? `${before}? ${name}\n${pad}:` : `${before}${name}:`;
}

/** Most maps are small, and many are sorted already: sorting them in place costs less than the general way. */
export function sortedKeys(map: JsonMap): string[] {
  const keys = Object.keys(map);
  if (keys.length > MOST_INSERTED) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? '';
    let at = i;
    for (let before = keys[at - 1] ?? ''; at > 0 && before > key; before = keys[at - 1] ?? '') keys[at--] = before;
    keys[at] = key;
  }
  return keys;
}

const MOST_INSERTED = 16;

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function padOf(depth: number): string {
  return PADS[depth] ?? '  '.repeat(depth);
}

/** A text of several lines: as a block where it fits, else in double quotes. */
function formatLines(text: string, pad: string): string {
  if (NOT_IN_BLOCK.test(text) || BLANK_LINE.test(text) || text.endsWith('\n\n')) return quoteText(text);
  const hasEnd = text.endsWith('\n');
  const body = hasEnd ? text.slice(0, -1) : text;
  return `${hasEnd ? '|' : '|-'}\n${pad}${indented(body, pad)}`;
}

/** With a pad before each line that is not empty, but for the first. */
function indented(text: string, pad: string): string {
  let result = '';
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    result += text.slice(start, end + 1);
    start = end + 1;
    if (start < text.length && text[start] !== '\n') result += pad;
  }
  return result + text.slice(start);
}
