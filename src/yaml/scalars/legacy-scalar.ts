import { firstCharacters, type YamlScalar } from './core-scalar';

/** No number and no date that means one is longer; what is longer is a text to everybody. */
const LONGEST = 400;
const FIRST = firstCharacters('0123456789+-.yYnNtTfFoO<=');
const WORD = /^(?:(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const BINARY = /^[-+]?0b[0-1_]+$/;
const OCTAL = /^[-+]?0[0-7_]+$/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const HEXADECIMAL = /^[-+]?0x[0-9a-fA-F_]+$/;
const BASE_60 = /^[-+]?(?:[1-9][0-9_]*(?::[0-5]?[0-9])+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;
const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/;
const SPECIAL_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE =
  /^[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

/**
 * Says what readers of YAML 1.1 see in a plain scalar where that differs from what YAML 1.2 says.
 *
 * @param readAs - what the core schema of YAML 1.2 makes of the text
 * @returns words that complete "YAML 1.1 readers see …", such as `the number 3900 (base 60)`, `true`, `the text 1e10`;
 *   undefined where both agree.
 * @see https://yaml.org/type/int.html, https://yaml.org/type/float.html, https://yaml.org/type/bool.html,
 *   https://yaml.org/type/timestamp.html, https://yaml.org/type/merge.html, https://yaml.org/type/value.html
 */
export function legacyReading(text: string, readAs: YamlScalar): string | undefined {
  const first = text.charCodeAt(0);
  // no plain word of more than five letters means anything to either version
  if (FIRST[first] !== 1 || (first > 61 && text.length > 5) || text.length > LONGEST) return undefined;
  if (text === '<<') return 'a merge key';
  if (text === '=') return 'a default value key';
  const word = WORD.exec(text);
  if (word !== null) {
    const value = word[1] !== undefined;
    return value === readAs ? undefined : String(value);
  }
  if (DATE.test(text)) return `the date ${text}`;
  const number = legacyNumber(text);
  if (number === undefined) return typeof readAs === 'number' ? `the text ${text}` : undefined;
  return number.value === readAs || Object.is(number.value, readAs) ? undefined : number.words;
}

interface LegacyNumber {
  readonly value: number;
  readonly words: string;
}

function legacyNumber(text: string): LegacyNumber | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  if (BINARY.test(text)) return inWords(sign * Number(digits), 'binary');
  if (OCTAL.test(text)) return inWords(sign * parseInt(digits, 8), 'octal');
  if (HEXADECIMAL.test(text)) return inWords(sign * Number(digits), 'hexadecimal');
  if (BASE_60.test(text)) {
    const value = digits.split(':').reduce((total, part) => total * 60 + Number(part), 0);
    return inWords(sign * value, 'base 60');
  }
  if (DECIMAL.test(text) || FLOAT.test(text)) return inWords(sign * Number(digits), undefined);
  if (!SPECIAL_FLOAT.test(text)) return undefined;
  const value = /nan/i.test(text) ? NaN : sign * Infinity;
  return { value, words: `the number ${text}` };
}

function inWords(value: number, base: string | undefined): LegacyNumber | undefined {
  // digits that are underscores only: the pattern of YAML 1.1 fits, the conversion of its readers fails
  if (Number.isNaN(value)) return undefined;
  return { value, words: base === undefined ? `the number ${value}` : `the number ${value} (${base})` };
}
