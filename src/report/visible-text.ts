import { characterWidth } from './character-width';

/** Stands for a character that must not reach a terminal: an escape, a control code, a change of the writing direction. */
const REPLACEMENT = '\ufffd';
const TAB = '    ';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
const VARIATION_SELECTOR = /^[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]$/u;
const PRINTABLE_ASCII = /^[ -~]*$/;

/** A piece of one line as it is drawn, with the column at which each code unit of the piece begins. */
export interface DrawnText {
  readonly text: string;
  /** One entry per code unit and one for the end; columns count from 0. */
  readonly columns: readonly number[];
}

/**
 * A piece of a line as a terminal can show it without harm: tabs as four blanks, whatever steers a terminal or hides text
 * (C0, C1, format characters such as bidirectional overrides, lone surrogates, line separators) as U+FFFD, variation selectors
 * as nothing.
 */
export function drawText(piece: string): DrawnText {
  if (PRINTABLE_ASCII.test(piece))
    return { text: piece, columns: Array.from({ length: piece.length + 1 }, (_, i) => i) };
  const columns: number[] = [];
  let text = '';
  let column = 0;
  for (const character of piece) {
    const shown = shownAs(character);
    columns.push(column);
    if (character.length === 2) columns.push(column);
    text += shown;
    column += shown === character ? characterWidth(character) : shown.length;
  }
  columns.push(column);
  return { text, columns };
}

/** Text from outside as one line of prose: as {@link drawText} shows it, with line ends and tabs as one blank each. */
export function plainLine(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : drawText(text.replace(/\r\n|[\r\n\t]/g, ' ')).text;
}

function shownAs(character: string): string {
  if (character === '\t') return TAB;
  if (VARIATION_SELECTOR.test(character)) return '';
  return UNSAFE.test(character) ? REPLACEMENT : character;
}
