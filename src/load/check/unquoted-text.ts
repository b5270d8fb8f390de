import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { quoteText } from '../../yaml';
import { UNQUOTED_TEXT } from '../problems';
import { fixAt } from './edits';
import type { Shape } from './shape';
import type { Spot } from './spot';
import { foundWords, shortened, spotName } from './words';

const HEXADECIMAL_FORMS: readonly (string | undefined)[] = ['USB id', 'PCI id', 'PCI address'];

/**
 * Text that was typed without quotes and read as a number or a boolean: what was read, what was typed, and who reads it so.
 *
 * @returns undefined where what was typed is not known: there is no text behind a value of the user's program.
 */
export function unquotedText(spot: Spot, value: number | boolean, shape: Shape): PlacedDiagnostic | undefined {
  const { document, role, pointer } = spot;
  const typed = document.typedAt(pointer);
  if (typed?.isPlain !== true) return undefined;
  const at = document.placeOf(pointer);
  const form = shape['x-form'];
  const meant = form === undefined ? `the text ${shortened(typed.text)}` : `the ${form} ${shortened(typed.text)}`;
  const text = HEXADECIMAL_FORMS.includes(form) ? typed.text.replace(/^0x/i, '') : typed.text;
  return stamp(UNQUOTED_TEXT, {
    message: `${spotName(role, pointer)} is read as ${foundWords(value)}, not as ${meant}`,
    primary: { at, text: quotedWords(shape) },
    notes: noteFor(typed.text, value),
    fixes: fixAt(at, form === undefined ? 'quote the text' : `quote the ${form}`, true, quoteText(text)),
  });
}

function quotedWords(shape: Shape): string {
  const expected = shape['x-expected'];
  return expected?.includes('quoted') === true ? `expected ${expected}` : 'expected a quoted string';
}

function noteFor(typed: string, value: number | boolean): string[] {
  if (typeof value === 'boolean') return ['YAML reads an unquoted `true` or `false` as a boolean'];
  if (/^[-+]?0[0-7]+$/.test(typed)) {
    const octal = parseInt(typed, 8);
    return [
      `YAML 1.2 reads unquoted digits as an integer and drops leading zeros; YAML 1.1 readers see octal ${octal}`,
    ];
  }
  if (/^[-+]?0\d+$/.test(typed)) return ['YAML 1.2 reads unquoted digits as an integer and drops leading zeros'];
  if (/^[-+]?[\d.]+e[-+]?\d+$/i.test(typed)) return ['YAML reads digits around an `e` as a number with an exponent'];
  if (/^0[xo]/i.test(typed)) return ['YAML 1.2 reads `0x` and `0o` as the beginning of a number'];
  if (/^[-+]?\d*\.\d*$/.test(typed)) return ['YAML reads digits around a point as a number and drops trailing zeros'];
  return ['YAML reads unquoted digits as a number'];
}
