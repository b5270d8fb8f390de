/*
 * Which part of a long line is shown. A line that fits is shown whole. Of one that does not, each group of near marks gets a
 * window with some text around it; the dots at its ends stand for what is left out.
 */
import { drawText, type DrawnText } from './visible-text';

/** A half-open range of code units within one line. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A line, or a part of it, as it is drawn. */
export interface Excerpt {
  readonly text: string;
  /** The columns to mark for a range of the line, from 0: at least one. */
  readonly columnsOf: (range: LineRange) => { readonly column: number; readonly width: number };
}

const DOTS = '...';

/** Ranges of one line, in groups that are shown in one excerpt each; the ranges come in the order of their starts. */
export function groupRanges<R extends LineRange>(line: string, ranges: readonly R[], budget: number): R[][] {
  if (fits(line, budget)) return [[...ranges]];
  const groups: R[][] = [];
  for (const range of ranges) {
    const group = groups.at(-1);
    const first = group?.[0];
    // two thirds leave room for what stands around the marks
    if (group !== undefined && first !== undefined && range.end - first.start <= (budget * 2) / 3) group.push(range);
    else groups.push([range]);
  }
  return groups;
}

/** The line as it is drawn in at most `budget` columns, with this range in sight, or its beginning when it is too long. */
export function excerptAround(line: string, range: LineRange, budget: number): Excerpt {
  if (fits(line, budget)) return excerptOf(line, drawText(line), 0, { start: 0, end: line.length }, 0);
  // no more than a few windows' worth of a line of megabytes is looked at
  const from = snap(line, Math.max(0, Math.min(range.start, line.length) - budget));
  const piece = line.slice(from, snap(line, Math.min(line.length, range.start + 2 * budget)));
  const drawn = drawText(piece);
  const inner = budget - 2 * DOTS.length;
  const first = columnAt(drawn, range.start - from);
  const length = Math.max(1, Math.min(columnAt(drawn, range.end - from) - first, inner));
  // a third of the room before the range, so that more of what follows is seen
  const lead = Math.floor((inner - length) / 3);
  const end = columnAt(drawn, piece.length);
  const left = Math.max(0, Math.min(first - lead, end - inner));
  const window = windowOf(piece, drawn, left, left + inner);
  const shown = { start: from + window.start, end: from + window.end };
  return excerptOf(line, drawText(line.slice(shown.start, shown.end)), shown.start, shown, DOTS.length);
}

function excerptOf(line: string, drawn: DrawnText, from: number, shown: LineRange, dots: number): Excerpt {
  const indent = shown.start > 0 ? dots : 0;
  const text = (indent > 0 ? DOTS : '') + drawn.text + (shown.end < line.length ? DOTS : '');
  return {
    text,
    columnsOf: ({ start, end }) => {
      const column = columnAt(drawn, start - from);
      return { column: indent + column, width: Math.max(1, columnAt(drawn, end - from) - column) };
    },
  };
}

function columnAt({ columns }: DrawnText, offset: number): number {
  return columns[Math.max(0, Math.min(offset, columns.length - 1))] ?? 0;
}

/** The code units of a piece that lie between two columns; never half a character, and no mark without what it stands on. */
function windowOf(piece: string, { columns }: DrawnText, left: number, right: number): LineRange {
  let start = -1;
  let end = 0;
  let at = 0;
  for (const character of piece) {
    const next = at + character.length;
    const column = columns[at] ?? 0;
    const nextColumn = columns[next] ?? column;
    if (start < 0 && column >= left && nextColumn > column) start = at;
    if (nextColumn <= right) end = next;
    at = next;
  }
  return { start: Math.max(0, start), end: Math.max(0, start, end) };
}

/** An offset that does not cut a character in two. */
function snap(line: string, offset: number): number {
  const isLowHalf = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
  const isHighHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
  const cuts = isLowHalf(line.charCodeAt(offset)) && isHighHalf(line.charCodeAt(offset - 1));
  return cuts ? offset - 1 : offset;
}

function fits(line: string, budget: number): boolean {
  // a tab is four columns and nothing is more, so a short line needs no drawing
  if (line.length * 4 <= budget) return true;
  if (line.length > budget * 4) return false;
  return (drawText(line).columns.at(-1) ?? 0) <= budget;
}
