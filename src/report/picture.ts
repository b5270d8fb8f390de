/*
 * The picture of a diagnostic: its labels under the lines of the texts that they are about. Labels are grouped by file, the
 * primary one's first; within a file, lines come in order and what lies between them is dots. A label that has no text to stand
 * under is a line of its own.
 */
import type { Diagnostic, Label } from '../diagnostics';
import type { SourceFile, Span } from '../source';
import { excerptAround, groupRanges, type LineRange } from './excerpt';
import type { Paint } from './paint';
import { plainLine } from './visible-text';

/** Finds the text behind a file's name; undefined when it cannot be read. */
export type Sources = (file: string) => SourceFile | undefined;

/** A line of a picture: its number, a frame around nothing, or a line as it is. */
export type PictureRow =
  | { readonly kind: 'head'; readonly arrow: '-->' | ':::'; readonly text: string }
  | { readonly kind: 'line'; readonly line: number; readonly text: string }
  | {
      readonly kind: 'marks';
      readonly indent: number;
      readonly marks: string;
      readonly text: string;
      readonly primary: boolean;
    }
  | { readonly kind: 'bar' }
  | { readonly kind: 'gap' };

interface Mark extends LineRange {
  readonly line: number;
  readonly text: string;
  readonly primary: boolean;
}

interface Group {
  readonly at: Span;
  readonly source: SourceFile | undefined;
  readonly marks: Mark[];
  /** What the head says, for a label that has nothing to stand under. */
  readonly text: string;
}

/** The rows of a diagnostic's picture, source lines in at most `budget` columns. */
export function drawPicture(diagnostic: Diagnostic, sources: Sources, budget: number): PictureRow[] {
  const rows: PictureRow[] = [];
  for (const { at, source, marks, text } of groupLabels(diagnostic, sources)) {
    const head = shownSpan(at, source) + (text === '' ? '' : `: ${text}`);
    rows.push({ kind: 'head', arrow: rows.length === 0 ? '-->' : ':::', text: head });
    if (source !== undefined && marks.length > 0) rows.push({ kind: 'bar' }, ...drawMarks(source, marks, budget));
  }
  if (rows.some(({ kind }) => kind === 'line')) rows.push({ kind: 'bar' });
  return rows;
}

/** A spot as people write it: `fleet.yaml:6:20`, or only the file where no place in it is meant or its text is not there. */
export function shownSpan(at: Span, source: SourceFile | undefined): string {
  const file = plainLine(at.file);
  if (source === undefined || (at.start === 0 && at.end === 0)) return file;
  const { line, column } = source.positionOf(at.start);
  return `${file}:${line}:${column}`;
}

function groupLabels({ primary, secondary }: Diagnostic, sources: Sources): Group[] {
  const groups: Group[] = [];
  for (const label of [primary, ...secondary]) {
    const source = sources(label.at.file);
    const marks = source === undefined ? [] : marksOf(source, label, label === primary);
    const known = groups.find(({ at, marks: others }) => at.file === label.at.file && others.length > 0);
    if (marks.length > 0 && known !== undefined) known.marks.push(...marks);
    else groups.push({ at: label.at, source, marks, text: marks.length > 0 ? '' : plainLine(label.text) });
  }
  return groups;
}

/** The marks of one label: one, or for a range of several lines one under the first and one, with the text, under the last. */
function marksOf(source: SourceFile, { at, text: labelText }: Label<Span>, primary: boolean): Mark[] {
  if (at.end <= at.start || at.start > source.text.length) return [];
  const text = plainLine(labelText);
  const first = source.positionOf(at.start);
  const last = source.positionOf(endWithoutBlanks(source, at));
  const start = first.column - 1;
  if (last.line === first.line) return [{ line: first.line, start, end: last.column - 1, text, primary }];
  const lastText = source.lineText(last.line);
  const lastStart = lastText.length - lastText.trimStart().length;
  return [
    { line: first.line, start, end: source.lineText(first.line).length, text: '', primary },
    { line: last.line, start: Math.min(lastStart, last.column - 1), end: last.column - 1, text, primary },
  ];
}

/** The end of a range without the blanks and line ends after its last word: a YAML value often ends where the next begins. */
function endWithoutBlanks({ text }: SourceFile, { start, end }: Span): number {
  const range = text.slice(start, end);
  if (!range.includes('\n')) return Math.min(end, text.length);
  return start + range.trimEnd().length;
}

function drawMarks(source: SourceFile, marks: readonly Mark[], budget: number): PictureRow[] {
  const rows: PictureRow[] = [];
  const byLine = new Map<number, Mark[]>();
  for (const mark of marks) byLine.set(mark.line, [...(byLine.get(mark.line) ?? []), mark]);
  let above: number | undefined;
  for (const line of [...byLine.keys()].sort((a, b) => a - b)) {
    if (above !== undefined && line > above + 1) rows.push({ kind: 'gap' });
    rows.push(...drawLine(source.lineText(line), line, byLine.get(line) ?? [], budget));
    above = line;
  }
  return rows;
}

function drawLine(text: string, line: number, marks: readonly Mark[], budget: number): PictureRow[] {
  const sorted = [...marks].sort((a, b) => a.start - b.start || Number(b.primary) - Number(a.primary) || a.end - b.end);
  return groupRanges(text, sorted, budget).flatMap((group): PictureRow[] => {
    const range = { start: group[0]?.start ?? 0, end: Math.max(...group.map(({ end }) => end)) };
    const excerpt = excerptAround(text, range, budget);
    return [
      { kind: 'line', line, text: excerpt.text },
      ...group.map((mark): PictureRow => {
        const { column, width } = excerpt.columnsOf(mark);
        const marks = (mark.primary ? '^' : '-').repeat(width);
        return { kind: 'marks', indent: column, marks, text: mark.text, primary: mark.primary };
      }),
    ];
  });
}

/** A row as text. `digits` is how wide the line numbers of the whole diagnostic are. */
export function paintRow(row: PictureRow, digits: number, severity: Diagnostic['severity'], paint: Paint): string {
  const margin = ' '.repeat(digits);
  switch (row.kind) {
    case 'head':
      return `${margin}${paint.frame(row.arrow)} ${row.text}`;
    case 'bar':
      return `${margin} ${paint.frame('|')}`;
    case 'gap':
      return paint.frame('...');
    case 'line':
      return `${paint.frame(`${String(row.line).padStart(digits)} |`)} ${row.text}`.trimEnd();
    case 'marks': {
      const dress = row.primary ? paint[severity] : paint.secondary;
      const marks = dress(row.text === '' ? row.marks : `${row.marks} ${row.text}`);
      return `${margin} ${paint.frame('|')} ${' '.repeat(row.indent)}${marks}`;
    }
  }
}
