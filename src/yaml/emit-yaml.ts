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
 * Writes an object as one YAML document, without the `---` line and with a line feed at its end.
 *
 * Keys whose value is undefined are left out. A text stands bare only where every reader sees that text; else it stands in double
 * quotes, or under a `|` when it has several lines. An empty object is `{}`.
 *
 * @throws InternalError for what JSON does not have (infinity, a function), and for more than 100 levels.
 */
export function emitYaml(value: JsonObject, options: EmitYamlOptions = {}): string {
  return new Emitter(options).emit(value);
}

class Emitter {
  private readonly topOrder: readonly string[];
  /** Undefined when there are none: then no pointer is built either. */
  private readonly comments: ReadonlyMap<Pointer, string> | undefined;
  private text = '';

  constructor(options: EmitYamlOptions) {
    this.topOrder = options.topOrder ?? TOP_ORDER;
    this.comments = options.comments === undefined || options.comments.size === 0 ? undefined : options.comments;
  }

  emit(value: JsonObject): string {
    this.comment('', '');
    const keys = this.topKeys(value);
    if (keys.length === 0) this.text += '{}\n';
    else this.map(value, keys, 0, '', '');
    return this.text;
  }

  private topKeys(map: JsonMap): string[] {
    const rank = (key: string) => {
      const at = this.topOrder.indexOf(key);
      return at < 0 ? this.topOrder.length : at;
    };
    return presentKeys(map).sort((a, b) => rank(a) - rank(b) || compareText(a, b));
  }

  /** Entries of a map; `first` stands before the first key, which may follow a dash. */
  private map(map: JsonMap, keys: readonly string[], depth: number, first: string, pointer: Pointer): void {
    if (depth >= MAX_EMITTED_DEPTH) throw new InternalError(`a value nests more than ${MAX_EMITTED_DEPTH} levels deep`);
    const pad = padOf(depth);
    let before = first;
    for (const key of keys) {
      const inner = this.comments === undefined ? '' : appendToPointer(pointer, key);
      // the comment of a first key behind a dash has been drawn above the dash
      if (before === pad) this.comment(inner, pad);
      const name = formatText(key);
      this.text += name.length > LONGEST_BARE_KEY ? `${before}? ${name}\n${pad}:` : `${before}${name}:`;
      this.value(map[key], depth + 1, inner);
      before = pad;
    }
  }

  /** What follows a key or a dash, its line feed included. */
  private value(value: unknown, depth: number, pointer: Pointer): void {
    if (typeof value === 'string') {
      this.text += value.includes('\n') ? ` ${formatLines(value, padOf(depth))}\n` : ` ${formatText(value)}\n`;
    } else if (Array.isArray(value)) {
      if (value.length === 0) this.text += ' []\n';
      else {
        this.text += '\n';
        this.list(value as readonly unknown[], depth, pointer);
      }
    } else if (isMap(value)) {
      const keys = presentKeys(value);
      if (keys.length === 0) this.text += ' {}\n';
      else {
        this.text += '\n';
        this.map(value, keys.sort(), depth, padOf(depth), pointer);
      }
    } else this.text += ` ${formatConstant(value)}\n`;
  }

  private list(items: readonly unknown[], depth: number, pointer: Pointer): void {
    if (depth >= MAX_EMITTED_DEPTH) throw new InternalError(`a value nests more than ${MAX_EMITTED_DEPTH} levels deep`);
    const pad = padOf(depth);
    for (const [i, item] of items.entries()) {
      const inner = this.comments === undefined ? '' : appendToPointer(pointer, i);
      this.comment(inner, pad);
      const keys = isMap(item) ? presentKeys(item).sort() : [];
      const [firstKey] = keys;
      if (!isMap(item) || firstKey === undefined) {
        this.text += `${pad}-`;
        this.value(item, depth + 1, inner);
      } else {
        if (this.comments !== undefined) this.comment(appendToPointer(inner, firstKey), pad);
        this.map(item, keys, depth + 1, `${pad}- `, inner);
      }
    }
  }

  private comment(pointer: Pointer, pad: string): void {
    const comment = this.comments?.get(pointer);
    if (comment === undefined) return;
    for (const line of comment.split(/\r?\n/))
      this.text += `${pad}# ${line.replace(NOT_IN_COMMENT, ' ')}`.trimEnd() + '\n';
  }
}

/** The keys of a map that have a value, unsorted. */
function presentKeys(map: JsonMap): string[] {
  const keys = Object.keys(map);
  for (const key of keys) if (map[key] === undefined) return keys.filter((each) => map[each] !== undefined);
  return keys;
}

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
  const indented = body.replace(/\n(?!\n|$)/g, `\n${pad}`);
  return `${hasEnd ? '|' : '|-'}\n${pad}${indented}`;
}
