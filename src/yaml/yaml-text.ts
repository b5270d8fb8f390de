import type { PlacedDiagnostic } from '../diagnostics';
import type { Pointer, Span } from '../source';
import type { YamlScalar } from './scalars/core-scalar';

/** One document of a YAML text. */
export interface YamlDocument {
  /** The file as shown to the user. */
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly index: number;
  /** Plain objects, lists and scalars; null for a document without content. Values behind one anchor are one object. */
  readonly value: unknown;
}

/** A plain scalar that a YAML 1.1 reader takes for something else. */
export interface YamlAmbiguity {
  /** Which document of the file, from 0. */
  readonly document: number;
  readonly pointer: Pointer;
  /** Whether the key or the value at the pointer is meant. */
  readonly part: 'key' | 'value';
  /** The text as typed: `0010`. */
  readonly raw: string;
  /** What YAML 1.2 makes of it; keys are texts all the same. */
  readonly readAs: YamlScalar;
  /** Words that complete "YAML 1.1 readers see …": `the number 8 (octal)`. */
  readonly readBy11: string;
  readonly span: Span;
}

/** What a YAML text holds, and what is wrong with it. */
export interface YamlText {
  /** Empty when the text is no valid YAML. */
  readonly documents: readonly YamlDocument[];
  /** In the order of the text; at most 50 of one file. */
  readonly problems: readonly PlacedDiagnostic[];
  /** In the order of the text; empty unless they were asked for. */
  readonly ambiguities: readonly YamlAmbiguity[];
}

/** How a text is read. */
export interface ReadYamlOptions {
  /**
   * `yaml-1.2`: the core schema, merge keys refused. `kubernetes`: as kubectl and the API server read it, for files that are meant
   * for them: `yes` is true, `0010` is 8, merge keys count.
   *
   * @default 'yaml-1.2'
   */
  readonly dialect?: 'yaml-1.2' | 'kubernetes';
  /**
   * Whether plain scalars are collected that YAML 1.1 reads otherwise than YAML 1.2.
   *
   * @default false
   */
  readonly ambiguities?: boolean;
}
