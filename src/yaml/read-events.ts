/*
 * Events to values in one pass. The recursion is as deep as the text nests, which the parser bounds. Values behind one anchor are
 * one object, and what they would expand to is counted, so that a text of 1 KB cannot stand for more values than any reader
 * of them can walk.
 */
import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { AliasEvent, DocumentEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import type { PlacedDiagnostic } from '../diagnostics';
import { appendToPointer, type SourceFile, type Span } from '../source';
import { AliasTable, MAX_ALIASED_VALUES } from './alias-table';
import {
  CORE_TAG_PREFIX,
  isKeptByJson,
  readCoreScalar,
  readTaggedScalar,
  type YamlScalar,
} from './scalars/core-scalar';
import { readKubernetesScalar } from './scalars/kubernetes-scalar';
import { legacyReading } from './scalars/legacy-scalar';
import { MAX_DEPTH } from './places/max-depth';
import { Outline } from './places/outline';
import * as problem from './diagnose/structure-problems';
import { fullTagName } from './scalars/tag-name';
import type { ReadYamlOptions, YamlAmbiguity, YamlDocument, YamlText } from './yaml-text';

const MAX_PROBLEMS = 50;

type YamlMap = Record<string, unknown>;

/** Turns the events of a text into its documents, problems and ambiguities. */
export function readEvents(source: SourceFile, events: readonly Event[], options: ReadYamlOptions): YamlText {
  return new EventReader(source, events, options).read();
}

class EventReader {
  private readonly source: SourceFile;
  private readonly text: string;
  private readonly events: readonly Event[];
  private readonly isKubernetes: boolean;
  private readonly collectsAmbiguities: boolean;
  private readonly problems: { readonly start: number; readonly diagnostic: PlacedDiagnostic }[] = [];
  private readonly ambiguities: YamlAmbiguity[] = [];
  /** Keys and indices from the root to where the reader is. */
  private readonly path: (string | number)[] = [];
  private outline: Outline | undefined;
  /** The number of the next event. */
  private next = 0;
  private document = -1;
  private aliases = new AliasTable();
  private tagPrefixes = new Map<string, string>();
  /** How deep collections have nested since an anchored value began. */
  private deepest = 0;

  constructor(source: SourceFile, events: readonly Event[], options: ReadYamlOptions) {
    this.source = source;
    this.text = source.text;
    this.events = events;
    this.isKubernetes = options.dialect === 'kubernetes';
    this.collectsAmbiguities = options.ambiguities === true && !this.isKubernetes;
  }

  read(): YamlText {
    const documents: YamlDocument[] = [];
    while (this.next < this.events.length) {
      const event = this.events[this.next++];
      if (event?.type !== EVENT_ID.DOCUMENT) continue;
      this.begin(event);
      documents.push({ file: this.source.path, index: this.document, value: this.readNode(0) });
    }
    const problems = this.problems.sort((a, b) => a.start - b.start).map(({ diagnostic }) => diagnostic);
    return { documents, problems, ambiguities: this.ambiguities };
  }

  private begin(event: DocumentEvent): void {
    this.document++;
    this.aliases = new AliasTable();
    this.tagPrefixes = new Map();
    this.deepest = 0;
    for (const directive of event.directives) {
      if (directive.kind === 'tag') this.tagPrefixes.set(directive.handle, directive.prefix);
      else if (directive.version !== '1.2' && !this.isKubernetes) {
        const start = Math.max(this.text.search(/^%YAML[ \t]/m), 0);
        const span = this.span(start, start + 6 + directive.version.length);
        this.report(span, () => problem.foreignVersion(directive.version, span));
      }
    }
  }

  /** Reads one value; `depth` collections stand around it. */
  private readNode(depth: number): unknown {
    const node = this.next++;
    const event = this.events[node];
    switch (event?.type) {
      case EVENT_ID.SCALAR: {
        const value = this.readScalar(event, depth);
        if (event.anchorStart >= 0) this.aliases.close(this.anchorName(event), { value, size: 1, height: 0 });
        return value;
      }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        return event.anchorStart < 0 ? this.readCollection(event, node, depth) : this.readAnchored(event, node, depth);
      case EVENT_ID.ALIAS:
        return this.readAlias(event, depth);
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
      case undefined:
        return null;
    }
  }

  private readCollection(event: SequenceEvent | MappingEvent, node: number, depth: number): unknown {
    if (depth >= this.deepest) this.deepest = depth + 1;
    const isMap = event.type === EVENT_ID.MAPPING;
    if (event.tagStart >= 0) {
      const tag = fullTagName(this.text.slice(event.tagStart, event.tagEnd), this.tagPrefixes);
      if (tag !== '!' && tag !== `${CORE_TAG_PREFIX}${isMap ? 'map' : 'seq'}`)
        this.refuseTag(event, 'not the tag of such a value');
    }
    return isMap ? this.readMap(node, depth) : this.readList(depth);
  }

  private readAnchored(event: SequenceEvent | MappingEvent, node: number, depth: number): unknown {
    const name = this.anchorName(event);
    const outerDeepest = this.deepest;
    const aliasedBefore = this.aliases.aliasedValues;
    this.deepest = depth;
    this.aliases.open(name);
    const value = this.readCollection(event, node, depth);
    const size = this.next - node + this.aliases.aliasedValues - aliasedBefore;
    this.aliases.close(name, { value, size, height: this.deepest - depth });
    this.deepest = Math.max(this.deepest, outerDeepest);
    return value;
  }

  private readAlias(event: AliasEvent, depth: number): unknown {
    const name = this.anchorName(event);
    const anchored = this.aliases.follow(name);
    const span = this.span(event.anchorStart - 1, event.anchorEnd);
    if (anchored === 'unknown') this.report(span, () => problem.unknownAlias(`*${name}`, span));
    else if (anchored === 'oversized')
      this.report(span, () => problem.oversizedAlias(`*${name}`, span, MAX_ALIASED_VALUES));
    else if (anchored !== 'spent') {
      if (depth + anchored.height <= MAX_DEPTH) {
        this.deepest = Math.max(this.deepest, depth + anchored.height);
        return anchored.value;
      }
      this.report(span, () => problem.deepNesting(span, MAX_DEPTH));
    }
    return null;
  }

  private readList(depth: number): unknown[] {
    const list: unknown[] = [];
    while (!this.atEnd()) {
      this.path[depth] = list.length;
      list.push(this.readNode(depth + 1));
    }
    this.next++;
    return list;
  }

  private readMap(node: number, depth: number): YamlMap {
    const map: YamlMap = {};
    const merges: { readonly key: number; readonly value: unknown }[] = [];
    while (!this.atEnd()) {
      const keyNode = this.next;
      const isMerge = this.isMergeKey(keyNode);
      const key = this.readKey(node, depth);
      this.path[depth] = key ?? '';
      const value = this.readNode(depth + 1);
      if (key === undefined) continue;
      if (isMerge && this.isKubernetes) merges.push({ key: keyNode, value });
      else if (isMerge) this.reportAt(keyNode, (span) => problem.mergeKey(span, 'version'));
      else if (Object.hasOwn(map, key)) {
        const first = this.places().keyIn(node, key);
        const known = first === undefined || first === keyNode ? undefined : this.spanOf(first);
        this.reportAt(keyNode, (again) => problem.duplicateKey(key, known, again));
      } else setEntry(map, key, value);
    }
    this.next++;
    for (const merge of merges) this.mergeInto(map, merge.value, merge.key);
    return map;
  }

  /** Reads a key as text; undefined when it is none, which is reported. */
  private readKey(map: number, depth: number): string | undefined {
    const node = this.next++;
    const event = this.events[node];
    if (event?.type === EVENT_ID.SCALAR && event.valueStart >= 0) {
      const text = this.scalarText(event);
      if (event.anchorStart >= 0) this.aliases.close(this.anchorName(event), { value: text, size: 1, height: 0 });
      if (event.tagStart >= 0) this.readTagged(event, text);
      else if (event.style === SCALAR_STYLE.PLAIN) return this.readPlainKey(text, event, node, depth);
      return text;
    }
    let what: 'a list' | 'a map' | 'empty' | 'null' = 'a map';
    if (event?.type === EVENT_ID.ALIAS) {
      const problemsBefore = this.problems.length;
      const value = this.readAlias(event, depth);
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      if (this.problems.length > problemsBefore) return undefined;
      what = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'a map';
    } else if (event?.type === EVENT_ID.SEQUENCE) what = 'a list';
    else if (event?.type === EVENT_ID.SCALAR) what = 'empty';
    // a key without text is shown at its value, or at the map when that has no text either
    const shown = [node, node + 1, map].find((each) => this.places().rangeOf(each) !== undefined) ?? map;
    this.reportAt(shown, (span) => problem.nonStringKey(what, span, this.text.startsWith('{{', span.start - 1)));
    this.next = this.places().after(node);
    return undefined;
  }

  private readPlainKey(text: string, event: ScalarEvent, node: number, depth: number): string | undefined {
    if (this.collectsAmbiguities) this.noteAmbiguity(text, readCoreScalar(text), event, depth, text);
    if (!this.isKubernetes) return text;
    const value = readKubernetesScalar(text);
    if (value === null) this.reportAt(node, (span) => problem.nonStringKey('null', span, false));
    return value === null ? undefined : String(value);
  }

  private isMergeKey(node: number): boolean {
    const event = this.events[node];
    return (
      event?.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      event.valueEnd - event.valueStart === 2 &&
      this.text.startsWith('<<', event.valueStart) &&
      event.tagStart < 0
    );
  }

  /** Adds the entries of other maps that a map does not have itself; of several maps the first one wins. */
  private mergeInto(map: YamlMap, value: unknown, keyNode: number): void {
    for (const source of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.reportAt(keyNode, (span) => problem.mergeKey(span, 'value'));
        continue;
      }
      for (const [key, entry] of Object.entries(source)) if (!Object.hasOwn(map, key)) setEntry(map, key, entry);
    }
  }

  private readScalar(event: ScalarEvent, depth: number): unknown {
    if (event.tagStart >= 0) return this.readTagged(event, this.scalarText(event));
    if (event.valueStart < 0) return null;
    const text = this.scalarText(event);
    if (event.style !== SCALAR_STYLE.PLAIN) return text;
    const value = this.isKubernetes ? readKubernetesScalar(text) : readCoreScalar(text);
    if (typeof value === 'number') this.checkNumber(text, value, event);
    if (this.collectsAmbiguities) this.noteAmbiguity(text, value, event, depth);
    return value;
  }

  private readTagged(event: ScalarEvent, text: string): unknown {
    const tag = fullTagName(this.text.slice(event.tagStart, event.tagEnd), this.tagPrefixes);
    const value = readTaggedScalar(tag, text);
    if (!value.ok) this.refuseTag(event, value.reason);
    else if (typeof value.value === 'number') this.checkNumber(text, value.value, event);
    return value.ok ? value.value : text;
  }

  private checkNumber(text: string, value: number, event: ScalarEvent): void {
    // Kubernetes keeps 64 bits; what it drops, and what it refuses, differs by field
    if (this.isKubernetes ? Number.isFinite(value) : isKeptByJson(text, value)) return;
    const span = this.span(event.valueStart, event.valueEnd);
    this.report(span, () => problem.unrepresentableNumber(text, value, span));
  }

  /** `key` is given when the scalar is a key itself. */
  private noteAmbiguity(raw: string, readAs: YamlScalar, event: ScalarEvent, depth: number, key?: string): void {
    const readBy11 = legacyReading(raw, readAs);
    if (readBy11 === undefined) return;
    const path = this.path.slice(0, depth);
    const pointer = appendToPointer('', ...path, ...(key === undefined ? [] : [key]));
    const part = key === undefined ? 'value' : 'key';
    const span = this.span(event.valueStart, event.valueEnd);
    this.ambiguities.push({ document: this.document, pointer, part, raw, readAs, readBy11, span });
  }

  private refuseTag(event: ScalarEvent | SequenceEvent | MappingEvent, reason: string): void {
    const span = this.span(event.tagStart, event.tagEnd);
    this.report(span, () => problem.unknownTag(this.text.slice(event.tagStart, event.tagEnd), span, reason));
  }

  private atEnd(): boolean {
    const event = this.events[this.next];
    return event === undefined || event.type === EVENT_ID.POP;
  }

  private scalarText(event: ScalarEvent): string {
    return event.fast ? this.text.slice(event.valueStart, event.valueEnd) : getScalarValue(this.text, event);
  }

  private anchorName(event: { readonly anchorStart: number; readonly anchorEnd: number }): string {
    return this.text.slice(event.anchorStart, event.anchorEnd);
  }

  private span(start: number, end: number): Span {
    return { file: this.source.path, start, end };
  }

  private spanOf(node: number): Span {
    const [start, end] = this.places().rangeOf(node) ?? [0, 0];
    return this.span(start, end);
  }

  private places(): Outline {
    this.outline ??= new Outline(this.text, this.events);
    return this.outline;
  }

  private reportAt(node: number, diagnostic: (span: Span) => PlacedDiagnostic): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const span = this.spanOf(node);
    this.report(span, () => diagnostic(span));
  }

  private report(span: Span, diagnostic: () => PlacedDiagnostic): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ start: span.start, diagnostic: diagnostic() });
  }
}

/** A plain assignment to `__proto__` would change what the object is instead of adding an entry. */
function setEntry(map: YamlMap, key: string, value: unknown): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
