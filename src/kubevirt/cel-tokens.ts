/*
 * The words of CEL, the language of a claim's conditions.
 * @see https://github.com/google/cel-go/blob/v0.26.0/parser/gen/CEL.g4 (the lexer rules)
 */

/** What a word of an expression is. */
export type CelTokenKind = 'string' | 'number' | 'name' | 'quoted' | 'operator' | 'end';

/** A word of an expression. */
export interface CelToken {
  readonly kind: CelTokenKind;
  readonly text: string;
  /** Where it begins, counted from 0. */
  readonly offset: number;
}

/** What cannot be a word. */
export interface CelStray {
  readonly offset: number;
  /** `a text without an end`, `a character that no word has` */
  readonly what: string;
}

const BLANK = /(?:[\t \r\n\f]|\/\/[^\n]*)+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const QUOTED = /`[A-Za-z0-9_.\-/ ]+`/y;
const NUMBER = /(?:0x[0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?)/y;
const OPERATOR = /(?:==|!=|<=|>=|&&|\|\||[[\]{}()<>.,\-!?:+*/%])/y;
const ESCAPE = /\\(?:[abfnrtv"'\\?`]|[0-3][0-7][0-7]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;
const TEXT_START = /(?:[bB][rR]?|[rR])?("""|'''|"|')/y;

/** The words of an expression, the end the last of them; what is none ends them. */
export function celTokens(text: string): readonly CelToken[] | CelStray {
  const tokens: CelToken[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(BLANK, text, at)?.[0].length ?? 0;
    if (at >= text.length) break;
    const start = matchAt(TEXT_START, text, at);
    if (start !== null) {
      const end = endOfText(text, at + start[0].length, start[1] ?? '', /[rR]/.test(start[0]));
      if (typeof end !== 'number') return end ?? { offset: at, what: 'a text without an end' };
      tokens.push({ kind: 'string', text: text.slice(at, end), offset: at });
      at = end;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined) return { offset: at, what: 'a character that no word has' };
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '', offset: text.length });
  return tokens;
}

function tokenAt(text: string, offset: number): CelToken | undefined {
  const kinds: readonly (readonly [CelTokenKind, RegExp])[] = [
    ['number', NUMBER],
    ['name', NAME],
    ['quoted', QUOTED],
    ['operator', OPERATOR],
  ];
  for (const [kind, form] of kinds) {
    const match = matchAt(form, text, offset);
    if (match !== null) return { kind, text: match[0], offset };
  }
  return undefined;
}

function endOfText(text: string, from: number, quote: string, isRaw: boolean): number | CelStray | undefined {
  const isLong = quote.length === 3;
  let at = from;
  while (at < text.length) {
    if (text.startsWith(quote, at)) return at + quote.length;
    const character = text.charAt(at);
    if (!isLong && (character === '\n' || character === '\r')) return undefined;
    if (character !== '\\' || isRaw) {
      at++;
      continue;
    }
    const escape = matchAt(ESCAPE, text, at);
    if (escape === null) return { offset: at, what: 'a backslash that means nothing' };
    at += escape[0].length;
  }
  return undefined;
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}
