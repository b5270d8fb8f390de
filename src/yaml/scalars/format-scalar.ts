import { InternalError } from '../../diagnostics';

/**
 * Words that some reader takes for something else than a text, in any case. A bare exponent (`e1`) is a number without digits to
 * the YAML 1.1 mode of the `yaml` package.
 */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf|e[-+]?[0-9]+)$/i;
/** Longer texts are always quoted: patterns with inner loops run out of stack on texts of megabytes. */
const LONGEST_PLAIN = 1_000;

/**
 * Texts that stand bare in a block: words that begin with a letter, separated by single blanks, made of characters that mean
 * nothing inside a plain scalar. No number and no date of either version begins with a letter.
 */
const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./:@+=()-]*(?: [A-Za-z0-9_./:@+=()-]+)*$/;
/** The same without the colon: older readers stop at one inside brackets. */
const PLAIN_IN_FLOW = /^[A-Za-z_/][A-Za-z0-9_./@+=()-]*(?: [A-Za-z0-9_./@+=()-]+)*$/;

/** What JSON leaves bare inside quotes and some YAML reader does not: controls, line separators, byte order marks. */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A text in double quotes, on one line, as JSON and every YAML reader read it: `"0010"`. */
export function quoteText(text: string): string {
  const quoted = JSON.stringify(text);
  UNPRINTABLE.lastIndex = 0;
  if (!UNPRINTABLE.test(quoted)) return quoted;
  return quoted.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text as a one-line scalar of a block: bare where every reader sees the same text, else in double quotes. */
export function formatText(text: string): string {
  const isPlain = text.length <= LONGEST_PLAIN && PLAIN.test(text) && !endsInColon(text) && !isWord(text);
  return isPlain ? text : quoteText(text);
}

/** A text as a scalar between brackets. */
export function formatTextInFlow(text: string): string {
  return text.length <= LONGEST_PLAIN && PLAIN_IN_FLOW.test(text) && !isWord(text) ? text : quoteText(text);
}

/** A number as both versions of YAML read it; negative zero is written as JSON writes it, as `0`. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new InternalError(`the number ${value} cannot be written: JSON does not have it`);
  const text = String(value);
  // YAML 1.1 takes 1e+21 for a text: its floats have a point
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}

/**
 * A value that is neither a text nor a collection.
 *
 * @throws InternalError for what JSON does not have: infinity, a function, a bigint.
 */
export function formatConstant(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return formatNumber(value);
  throw new InternalError(`a ${typeof value} cannot be written: JSON does not have it`);
}

/**
 * How long a key may be, in the form in which it is written, before a question mark has to announce it: readers of YAML refuse
 * longer ones than 1,024 characters.
 *
 * @see https://yaml.org/spec/1.2.2/#742-flow-mappings
 */
export const LONGEST_BARE_KEY = 1_000;

/** Whether a colon ends the text or one of its words: it would make a key of what stands before it. */
function endsInColon(text: string): boolean {
  return text.endsWith(':') || text.includes(': ');
}

function isWord(text: string): boolean {
  return WORD.test(text);
}
