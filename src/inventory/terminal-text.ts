/*
 * A line without what terminals and mail programs put into it: colours and other escapes, also as `cat -v` shows them, and the `>` of
 * a quotation. What is left keeps its place in the text. One pass over the line.
 */

/** A line as lspci printed it, with the way back to the text. */
export interface PlainLine {
  readonly text: string;
  /** Where a range of `text` stands in the line that it was made from; half-open, UTF-16 code units. */
  readonly rangeOf: (start: number, end: number) => readonly [start: number, end: number];
}

const ESCAPE = '\u001b';
const BELL = '\u0007';
const CONTROL = '\u009b';
/** CSI sequences, operating system commands (titles, links), and the short ones. */
const SEQUENCES = new RegExp(
  [
    String.raw`(?:${ESCAPE}\[|${CONTROL})[0-?]*[ -/]*[@-~]`,
    String.raw`${ESCAPE}\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\)?`,
    String.raw`${ESCAPE}[ -/]*[0-~]`,
    String.raw`\^\[\[[0-9;]*[A-Za-z]`,
  ].join('|'),
  'g',
);
const QUOTATION = /^(?:> ?)+/;

/** The line without escapes and quotation marks; the line itself where there are none. */
export function plainLine(line: string): PlainLine {
  const removed: (readonly [start: number, end: number])[] = [];
  const quotation = QUOTATION.exec(line)?.[0].length ?? 0;
  if (quotation > 0) removed.push([0, quotation]);
  if (line.includes(ESCAPE) || line.includes(CONTROL) || line.includes('^[[')) {
    for (const match of line.matchAll(SEQUENCES)) {
      if (match.index >= quotation) removed.push([match.index, match.index + match[0].length]);
    }
  }
  if (removed.length === 0) return { text: line, rangeOf: (start, end) => [start, end] };
  const kept: number[] = [];
  let at = 0;
  for (const [start, end] of [...removed, [line.length, line.length] as const]) {
    for (; at < start; at++) kept.push(at);
    at = end;
  }
  return {
    text: kept.map((i) => line.charAt(i)).join(''),
    rangeOf: (start, end) => {
      const first = kept[start] ?? line.length;
      return [first, Math.max(first, (kept[end - 1] ?? line.length - 1) + 1)];
    },
  };
}
