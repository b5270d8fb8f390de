import type { Diagnostic } from '../diagnostics';
import type { SourceFile, Span } from '../source';
import { excerptAround } from './excerpt';
import { shownSpan, type Sources } from './picture';

/** A line of a fix: taken away, put there, or where it is when that is another file than the diagnostic's own. */
export type FixRow =
  | { readonly kind: 'removed' | 'added'; readonly line: number; readonly text: string }
  | { readonly kind: 'place'; readonly text: string }
  | { readonly kind: 'gap' };

type Fix = Diagnostic['fixes'][number];
type Edit = Fix['edits'][number];

interface Hunk {
  readonly firstLine: number;
  lastLine: number;
  readonly edits: Edit[];
}

/** More lines than this of one change are cut short. */
const LONGEST_CHANGE = 12;

/**
 * The lines that a fix changes, before and after. Edits in texts that are not there are left out, and so is an edit that
 * overlaps one before it.
 *
 * @param file - the diagnostic's own file, which needs no naming
 */
export function drawFix(fix: Fix, file: string, sources: Sources, budget: number): FixRow[] {
  const rows: FixRow[] = [];
  for (const name of new Set([file, ...fix.edits.map(({ at }) => at.file)])) {
    const source = sources(name);
    const edits = soundEdits(fix, name, source);
    if (source === undefined || edits.length === 0) continue;
    if (name !== file) rows.push({ kind: 'place', text: shownSpan(firstOf(edits), source) });
    for (const hunk of hunksOf(source, edits)) rows.push(...drawHunk(source, hunk, budget));
  }
  return rows;
}

function firstOf([first]: readonly Edit[]): Span {
  return first?.at ?? { file: '', start: 0, end: 0 };
}

function soundEdits({ edits }: Fix, file: string, source: SourceFile | undefined): Edit[] {
  const length = source?.text.length ?? 0;
  const sorted = edits
    .filter(({ at }) => at.file === file && at.start >= 0 && at.start <= at.end && at.end <= length)
    .sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);
  let end = 0;
  return sorted.filter(({ at }) => {
    if (at.start < end) return false;
    end = at.end;
    return true;
  });
}

function hunksOf(source: SourceFile, edits: readonly Edit[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const edit of edits) {
    const firstLine = source.positionOf(edit.at.start).line;
    const lastLine = source.positionOf(edit.at.end).line;
    const open = hunks.at(-1);
    if (open !== undefined && firstLine <= open.lastLine) {
      open.lastLine = Math.max(open.lastLine, lastLine);
      open.edits.push(edit);
    } else {
      hunks.push({ firstLine, lastLine, edits: [edit] });
    }
  }
  return hunks;
}

function drawHunk(source: SourceFile, { firstLine, lastLine, edits }: Hunk, budget: number): FixRow[] {
  const start = source.offsetOf(firstLine, 1);
  const lastEnd = source.offsetOf(lastLine, 1) + source.lineText(lastLine).length;
  const end = Math.max(lastEnd, edits.at(-1)?.at.end ?? 0);
  let after = '';
  let at = start;
  for (const edit of edits) {
    after += source.text.slice(at, edit.at.start) + edit.text;
    at = edit.at.end;
  }
  const before = linesOf(source.text.slice(start, end));
  const next = linesOf(after + source.text.slice(at, end));
  const { head, tail } = sharedEnds(before, next);
  const removed = before.slice(head, before.length - tail);
  const added = next.slice(head, next.length - tail);
  return [
    ...drawSide('removed', removed, added, firstLine + head, budget),
    ...drawSide('added', added, removed, firstLine + head, budget),
  ];
}

function drawSide(
  kind: 'removed' | 'added',
  lines: readonly string[],
  others: readonly string[],
  firstLine: number,
  budget: number,
): FixRow[] {
  const rows = lines.slice(0, LONGEST_CHANGE).map((text, i): FixRow => {
    const change = changedRange(text, others[i] ?? '');
    return { kind, line: firstLine + i, text: excerptAround(text, change, budget).text };
  });
  return lines.length > LONGEST_CHANGE ? [...rows, { kind: 'gap' }] : rows;
}

/** What differs between a line and its counterpart; as long as the longer one's, so that long lines are cut alike. */
function changedRange(line: string, other: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(line.length, other.length);
  let start = 0;
  while (start < shorter && line[start] === other[start]) start++;
  let tail = 0;
  while (tail < shorter - start && line[line.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  return { start, end: Math.max(line.length, other.length) - tail };
}

function sharedEnds(a: readonly string[], b: readonly string[]): { readonly head: number; readonly tail: number } {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return { head, tail };
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}
