/*
 * Where everything in a YAML text begins and ends: the event stream packed into typed arrays, about 15 bytes per event, so
 * that positions can be kept for as long as somebody may ask for one. The events themselves carry no end of a collection, no
 * header of a block scalar and nothing at all for an empty value; one pass with a cursor behind the last text finds them.
 */
import {
  COLLECTION_STYLE,
  EVENT_ID,
  getScalarValue,
  SCALAR_STYLE,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { readKubernetesScalar } from '../scalars/kubernetes-scalar';

/** How a scalar is written: bare, in quotes, or as a block under `|` or `>`. */
export type YamlStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** What one event of the stream is, in the order of js-yaml's own numbers. */
export type NodeKind = 'sequence' | 'mapping' | 'scalar' | 'alias' | 'none';

/** Half-open offsets into the text; undefined for a value that has no text of its own. */
export type Range = readonly [start: number, end: number] | undefined;

const STYLES: readonly YamlStyle[] = ['plain', 'plain', 'single', 'double', 'literal', 'folded'];
const KINDS: readonly NodeKind[] = ['none', 'none', 'sequence', 'mapping', 'scalar', 'alias', 'none'];
const HASH = 35;

/** A collection that has begun and not ended. */
interface OpenCollection {
  readonly event: number;
  /** The character that closes it, or undefined where its last child does. */
  readonly closedBy: string | undefined;
  /** Whether its items stand behind dashes. */
  readonly hasDashes: boolean;
}

/** The places of all nodes of one text. Nodes are named by the number of their event. */
export class Outline {
  private readonly text: string;
  private readonly kinds: Uint8Array;
  private readonly styles: Uint8Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly next: Int32Array;
  private readonly roots: number[] = [];
  private readonly aliased = new Map<number, number>();
  /** Scalars whose value is not simply the text between two offsets. */
  private readonly decoded = new Map<number, ScalarEvent>();
  private readonly keysByMap = new Map<number, Map<string, number>>();
  private readonly itemsByList = new Map<number, readonly number[]>();

  /** Packs the events that js-yaml made of this text. */
  constructor(text: string, events: readonly Event[]) {
    this.text = text;
    this.kinds = new Uint8Array(events.length);
    this.styles = new Uint8Array(events.length);
    this.starts = new Int32Array(events.length).fill(-1);
    this.ends = new Int32Array(events.length).fill(-1);
    this.next = new Int32Array(events.length);
    this.pack(events);
  }

  /** The root node of a document, counted from 0; undefined where the text has fewer documents. */
  root(document: number): number | undefined {
    return this.roots[document];
  }

  /** What the node is. */
  kindOf(node: number): NodeKind {
    return KINDS[this.kinds[node] ?? 0] ?? 'none';
  }

  /** How the scalar is written. */
  styleOf(node: number): YamlStyle {
    return STYLES[this.styles[node] ?? 0] ?? 'plain';
  }

  /** Whether the node is a scalar that has text of its own: neither nothing behind a key nor nothing behind a dash. */
  isWritten(node: number): boolean {
    return this.kindOf(node) === 'scalar' && this.styles[node] !== 0;
  }

  /** From the first character of a node to its last: quotes, brackets and the header of a block included. */
  rangeOf(node: number): Range {
    const start = this.starts[node] ?? -1;
    return start < 0 ? undefined : [start, this.ends[node] ?? start];
  }

  /** The node that an alias stands for. */
  targetOf(alias: number): number | undefined {
    return this.aliased.get(alias);
  }

  /** The key node of a map's entry, the first of several; the value follows it. */
  keyIn(mapping: number, key: string): number | undefined {
    let keys = this.keysByMap.get(mapping);
    if (keys === undefined) {
      keys = this.keysOf(mapping);
      this.keysByMap.set(mapping, keys);
    }
    return keys.get(key);
  }

  /** The item of a list, counted from 0. */
  itemIn(sequence: number, index: number): number | undefined {
    let items = this.itemsByList.get(sequence);
    if (items === undefined) {
      items = [...this.itemsOf(sequence)];
      this.itemsByList.set(sequence, items);
    }
    return items[index];
  }

  /** The items of a list, in the order of the text. */
  *itemsOf(sequence: number): Generator<number> {
    for (let item = sequence + 1; this.kindOf(item) !== 'none'; item = this.after(item)) yield item;
  }

  /** The node that stands after this one and everything in it. */
  after(node: number): number {
    return this.next[node] ?? node + 1;
  }

  /** Keys and values of a map, in the order of the text. */
  *entriesOf(mapping: number): Generator<readonly [key: number, value: number]> {
    for (let key = mapping + 1; this.kindOf(key) !== 'none';) {
      const value = this.after(key);
      yield [key, value];
      key = this.after(value);
    }
  }

  /** Where the scalars stand, in the order of the text. */
  scalarRanges(): (readonly [start: number, end: number])[] {
    const ranges: (readonly [number, number])[] = [];
    this.kinds.forEach((_kind, node) => {
      const range = this.isWritten(node) ? this.rangeOf(node) : undefined;
      if (range !== undefined) ranges.push(range);
    });
    return ranges;
  }

  /** The value of a scalar, or of the scalar that an alias stands for, as text. */
  scalarText(node: number): string | undefined {
    const target = this.targetOf(node) ?? node;
    if (this.kindOf(target) !== 'scalar') return undefined;
    if (!this.isWritten(target)) return '';
    const event = this.decoded.get(target);
    if (event !== undefined) return getScalarValue(this.text, event);
    const range = this.rangeOf(target);
    if (range === undefined) return '';
    const quotes = this.styleOf(target) === 'plain' ? 0 : 1;
    return this.text.slice(range[0] + quotes, range[1] - quotes);
  }

  private keysOf(mapping: number): Map<string, number> {
    const keys = new Map<string, number>();
    const converted = new Map<string, number>();
    for (const [node] of this.entriesOf(mapping)) {
      const text = this.scalarText(node);
      if (text === undefined) continue;
      if (!keys.has(text)) keys.set(text, node);
      // a reader of Kubernetes makes `true` of the key `yes`, and asks for it by that name
      const name = this.styleOf(node) === 'plain' ? String(readKubernetesScalar(text)) : text;
      if (name !== text && !converted.has(name)) converted.set(name, node);
    }
    for (const [name, node] of converted) if (!keys.has(name)) keys.set(name, node);
    return keys;
  }

  private pack(events: readonly Event[]): void {
    const open: OpenCollection[] = [];
    let anchors = new Map<string, number>();
    let cursor = 0;
    events.forEach((event, i) => {
      this.kinds[i] = event.type;
      this.next[i] = i + 1;
      if ('anchorStart' in event && event.anchorStart >= 0) {
        const name = this.text.slice(event.anchorStart, event.anchorEnd);
        const target = anchors.get(name);
        if (event.type !== EVENT_ID.ALIAS) anchors.set(name, i);
        else if (target !== undefined) this.aliased.set(i, target);
      }
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          this.roots.push(i + 1);
          anchors = new Map();
          open.push({ event: i, closedBy: undefined, hasDashes: false });
          break;
        case EVENT_ID.SCALAR:
          cursor = Math.max(cursor, this.packScalar(i, event, cursor, open.at(-1)?.hasDashes === true));
          break;
        case EVENT_ID.ALIAS:
          cursor = this.place(i, event.anchorStart - 1, event.anchorEnd);
          break;
        case EVENT_ID.SEQUENCE:
        case EVENT_ID.MAPPING:
          this.styles[i] = event.style;
          open.push({
            event: i,
            closedBy: this.closerOf(event, events[i + 1]),
            hasDashes: event.type === EVENT_ID.SEQUENCE && event.style === COLLECTION_STYLE.BLOCK,
          });
          // a first dash is read again by an empty item, a bracket is not
          cursor = Math.max(
            cursor,
            this.place(i, event.start, event.start + 1) - (open.at(-1)?.hasDashes === true ? 1 : 0),
          );
          break;
        case EVENT_ID.POP: {
          const collection = open.pop();
          if (collection === undefined) break;
          this.next[collection.event] = i + 1;
          if (events[collection.event]?.type === EVENT_ID.DOCUMENT) break;
          if (collection.closedBy !== undefined) cursor = this.behind(collection.closedBy, cursor);
          this.ends[collection.event] = cursor;
        }
      }
    });
  }

  /** Notes where a node stands; gives its end. */
  private place(node: number, start: number, end: number): number {
    this.starts[node] = start;
    this.ends[node] = end;
    return end;
  }

  /** Notes where a scalar stands, or where its dash does when it is an empty item; gives the end of what was read. */
  private packScalar(node: number, event: ScalarEvent, cursor: number, isItem: boolean): number {
    const propertiesEnd = Math.max(event.tagEnd, event.anchorEnd);
    if (event.valueStart < 0) {
      if (!isItem || propertiesEnd >= 0) return propertiesEnd;
      const end = this.behind('-', cursor);
      return this.place(node, end - 1, end);
    }
    this.styles[node] = event.style;
    if (!event.fast) this.decoded.set(node, event);
    switch (event.style) {
      case SCALAR_STYLE.PLAIN:
        return this.place(node, event.valueStart, event.valueEnd);
      case SCALAR_STYLE.SINGLE_QUOTED:
      case SCALAR_STYLE.DOUBLE_QUOTED:
        return this.place(node, event.valueStart - 1, event.valueEnd + 1);
      case SCALAR_STYLE.LITERAL_BLOCK:
      case SCALAR_STYLE.FOLDED_BLOCK: {
        const header = this.headerBefore(event, Math.max(cursor, propertiesEnd));
        return this.place(node, header, header + this.text.slice(header, event.valueEnd).trimEnd().length);
      }
    }
  }

  /** The `|` or `>` of a block: on the line before its text, behind whatever was read last. */
  private headerBefore(event: ScalarEvent, from: number): number {
    const indicator = event.style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>';
    // a header at the very end of the text has no line of text after it
    const lineEnd = this.text[event.valueStart - 1] === '\n' ? event.valueStart - 1 : event.valueStart;
    const lineStart = this.text.lastIndexOf('\n', lineEnd - 1) + 1;
    const at = this.text.indexOf(indicator, Math.max(lineStart, from));
    return at < 0 ? event.valueStart : at;
  }

  private closerOf(event: SequenceEvent | MappingEvent, first: Event | undefined): string | undefined {
    if (event.style !== COLLECTION_STYLE.FLOW) return undefined;
    if (event.type === EVENT_ID.SEQUENCE) return ']';
    // `[a: b]` holds a map without braces; when its key is a collection, both begin at the same character
    const isPair =
      this.text[event.start] !== '{' || (first !== undefined && 'start' in first && first.start === event.start);
    return isPair ? undefined : '}';
  }

  /** The offset behind a bracket or dash; only blanks, comments and separators stand between it and the cursor. */
  private behind(character: string, cursor: number): number {
    let at = cursor;
    while (at < this.text.length && this.text[at] !== character) {
      if (this.text.charCodeAt(at) !== HASH) at++;
      else {
        const lineEnd = this.text.indexOf('\n', at);
        at = lineEnd < 0 ? this.text.length : lineEnd;
      }
    }
    return Math.min(at + 1, this.text.length);
  }
}
