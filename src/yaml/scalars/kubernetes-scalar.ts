import { firstCharacters, type YamlScalar } from './core-scalar';

const WORDS: ReadonlyMap<string, YamlScalar> = new Map<string, YamlScalar>([
  ...(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'] as const).map(
    (word) => [word, true] as const,
  ),
  ...(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'] as const).map(
    (word) => [word, false] as const,
  ),
  ...(['', '~', 'null', 'Null', 'NULL'] as const).map((word) => [word, null] as const),
  ...(['.nan', '.NaN', '.NAN'] as const).map((word) => [word, NaN] as const),
  ...(['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'] as const).map((word) => [word, Infinity] as const),
  ...(['-.inf', '-.Inf', '-.INF'] as const).map((word) => [word, -Infinity] as const),
]);

const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const FRACTION = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const POINT = 46;
const FIRST_OF_NUMBER = firstCharacters('0123456789+-.');
const FIRST_OF_WORD = firstCharacters('yYnNtTfFoO~');

/**
 * Reads a plain scalar without a tag as kubectl and the API server do, whose reader mixes YAML 1.1 and 1.2: `yes` is true,
 * `0010` is 8, `1_000` is 1000, `1e10` is a number, `65:00.0` and dates are text.
 *
 * @see https://github.com/kubernetes-sigs/yaml/blob/v1.4.0/goyaml.v2/resolve.go
 */
export function readKubernetesScalar(text: string): YamlScalar {
  const first = text.charCodeAt(0);
  if (FIRST_OF_NUMBER[first] === 1) return readNumber(text, first);
  if (text === '' || (FIRST_OF_WORD[first] === 1 && text.length <= 5)) {
    const word = WORDS.get(text);
    return word === undefined ? text : word;
  }
  return text;
}

function readNumber(text: string, first: number): YamlScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (first === POINT && !FRACTION.test(text)) return text;
  const digits = text.replaceAll('_', '');
  const integer = INTEGER.exec(digits);
  if (integer !== null) {
    const value = Number((integer[2] ?? '').replace(/^0[oO]?(?=[0-7])/, '0o'));
    // beyond 64 bits it is read again, as a float: an octal one in base 10
    if (value < 2 ** 64) return integer[1] === '-' ? 0 - value : value;
  }
  const value = FLOAT.test(digits) ? Number(digits) : NaN;
  return Number.isFinite(value) ? value : text;
}
