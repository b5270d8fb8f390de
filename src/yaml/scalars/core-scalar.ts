import { accepted, type Parsed, refused } from '../../model';

/** What a scalar of a YAML text is once it has been read. */
export type YamlScalar = string | number | boolean | null;

const NULL = /^(?:null|Null|NULL|~|)$/;
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
const INTEGER = /^[-+]?[0-9]+$/;
const PREFIXED_INTEGER = /^(?:0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INFINITY = /^([-+]?)\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;

const FIRST_OF_WORD = firstCharacters('nNtTfF');
const FIRST_OF_NUMBER = firstCharacters('0123456789+-.');

/**
 * Reads a plain scalar without a tag by the core schema of YAML 1.2: `0010` is the number 10, `65:00.0` is text.
 *
 * @see https://yaml.org/spec/1.2.2/#1032-tag-resolution
 */
export function readCoreScalar(text: string): YamlScalar {
  const first = text.charCodeAt(0);
  if (FIRST_OF_NUMBER[first] === 1) return readNumber(text);
  if (FIRST_OF_WORD[first] === 1) {
    if (text.length > 5) return text;
    if (TRUE.test(text)) return true;
    if (FALSE.test(text)) return false;
  }
  return NULL.test(text) ? null : text;
}

/**
 * Reads a scalar with an explicit tag of the core schema.
 *
 * @param tag - the full tag, `tag:yaml.org,2002:str`
 * @returns the value, or the reason for refusing: a tag outside the core schema, or a text that the tag does not fit.
 */
export function readTaggedScalar(tag: string, text: string): Parsed<YamlScalar> {
  switch (tag) {
    case '!':
    case `${CORE_TAG_PREFIX}str`:
      return accepted(text);
    case `${CORE_TAG_PREFIX}null`:
      return NULL.test(text) ? accepted(null) : refused('the text is not a null');
    case `${CORE_TAG_PREFIX}bool`:
      return TRUE.test(text)
        ? accepted(true)
        : FALSE.test(text)
          ? accepted(false)
          : refused('the text is not a boolean');
    case `${CORE_TAG_PREFIX}int`:
      return INTEGER.test(text) || PREFIXED_INTEGER.test(text)
        ? accepted(Number(text))
        : refused('the text is not an integer');
    case `${CORE_TAG_PREFIX}float`: {
      const value = readNumber(text);
      return typeof value === 'number' ? accepted(value) : refused('the text is not a number');
    }
    default:
      return refused('not a tag of the core schema');
  }
}

/** What the handle `!!` stands for: `!!str` is `tag:yaml.org,2002:str`. */
export const CORE_TAG_PREFIX = 'tag:yaml.org,2002:';

/**
 * Whether JSON keeps the number that a scalar is read as: neither infinite, nor not a number, nor an integer whose digits a double
 * loses.
 */
export function isKeptByJson(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (Number.isSafeInteger(value) || !(INTEGER.test(text) || PREFIXED_INTEGER.test(text))) return true;
  const written = String(Math.abs(value));
  return /^[0-9]+$/.test(written) && BigInt(written) === BigInt(text.replace(/^[-+]/, ''));
}

/** A table by code unit that says which characters are in the text. */
export function firstCharacters(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

function readNumber(text: string): YamlScalar {
  if (INTEGER.test(text) || FLOAT.test(text) || PREFIXED_INTEGER.test(text)) return Number(text);
  const infinity = INFINITY.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(text) ? NaN : text;
}
