/*
 * How many columns of a terminal a character takes. Terminals differ in the details; this is what they agree on: marks that
 * combine take none, ideographs, full-width forms and emoji take two, the rest one.
 */

const COMBINING = /^[\p{Mn}\p{Me}\u1160-\u11ff]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

/**
 * Ranges of wide and full-width characters, both ends inclusive, in order.
 *
 * @see https://www.unicode.org/reports/tr11/ (East Asian Width, W and F)
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** Halves of a flag: two of them take the two columns together. */
const FLAG_HALF: readonly [number, number] = [0x1f1e6, 0x1f1ff];

/** The columns that one visible character takes: 0, 1 or 2. */
export function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (COMBINING.test(character)) return 0;
  if (code >= FLAG_HALF[0] && code <= FLAG_HALF[1]) return 1;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return EMOJI.test(character) ? 2 : 1;
}
