/*
 * Comments that allow a finding where it stands:
 *
 *   # hostdev-allow PCI104 until 2027-03-01: cards move in February
 *   # hostdev-allow-file node/control-plane: the lab has three nodes
 *
 * In programs the comment begins with two slashes. Only a comment that begins with the word is one of these; prose that mentions
 * it is not. One pass over the lines that hold the word.
 */
import type { SourceFile, Span } from '../source';

/** What every such comment begins with; a text without it has none. */
export const SUPPRESSION_WORD = 'hostdev-allow';

/** One comment that allows the findings of one rule. */
export interface Suppression {
  readonly ok: true;
  /** The line that it speaks of, from 1; undefined: the whole file. */
  readonly line: number | undefined;
  /** A code or a slug as typed: `PCI104`, `pci/shared-iommu-group`. */
  readonly rule: string;
  readonly ruleAt: Span;
  /** The last day on which it holds, `2027-03-01`; undefined: for good. */
  readonly until: string | undefined;
  readonly reason: string;
  /** From the comment's mark to its last character. */
  readonly at: Span;
  /** What to take away with it: the whole line where nothing else stands on it. */
  readonly removal: Span;
}

/** A comment that begins like one and cannot be read. */
export interface MalformedSuppression {
  readonly ok: false;
  /** In the words of a label. */
  readonly reason: string;
  readonly at: Span;
}

/** How comments of a text are told from what only looks like one. */
export interface CommentSyntax {
  readonly mark: '#' | '//';
  /** Whether the mark at this offset begins a comment: not inside a text that is data. */
  readonly isComment: (offset: number) => boolean;
}

/** Every such comment of a text, in the order of the lines. */
export function readSuppressions(
  source: SourceFile,
  { mark, isComment }: CommentSyntax,
): (Suppression | MalformedSuppression)[] {
  const found: (Suppression | MalformedSuppression)[] = [];
  const lines = new Lines(source, mark);
  let at = source.text.indexOf(SUPPRESSION_WORD);
  let line = 0;
  let lineStart = 0;
  let text = '';
  while (at >= 0) {
    const lineAt = source.positionOf(at).line;
    if (lineAt !== line) {
      line = lineAt;
      lineStart = source.offsetOf(line, 1);
      text = source.lineText(line);
    }
    const markAt = markBefore(text, at - lineStart, mark);
    const isOne = markAt !== undefined && isComment(lineStart + markAt);
    if (isOne) found.push(readComment(source, lines, line, markAt, at - lineStart));
    // of several on one line only the first can begin the comment
    at = source.text.indexOf(SUPPRESSION_WORD, isOne ? lineStart + text.length : at + SUPPRESSION_WORD.length);
  }
  return found;
}

/** Where the mark stands that the word follows, with nothing but blanks between; undefined where there is none. */
function markBefore(text: string, word: number, mark: string): number | undefined {
  let at = word;
  while (at > 0 && isBlank(text.charCodeAt(at - 1))) at--;
  // more marks are the same comment: `## hostdev-allow`
  while (at >= mark.length && text.startsWith(mark, at - mark.length)) at -= mark.length;
  if (!text.startsWith(mark, at)) return undefined;
  return at === 0 || isBlank(text.charCodeAt(at - 1)) ? at : undefined;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

function readComment(
  source: SourceFile,
  lines: Lines,
  line: number,
  mark: number,
  word: number,
): Suppression | MalformedSuppression {
  const start = source.offsetOf(line, 1);
  const lineText = source.lineText(line);
  const text = lineText.trimEnd();
  const span = (from: number, to: number): Span => ({ file: source.path, start: start + from, end: start + to });
  const at = span(mark, text.length);
  const malformed = (reason: string): MalformedSuppression => ({ ok: false, reason, at });

  let rest = word + SUPPRESSION_WORD.length;
  const isForFile = text.startsWith('-file', rest);
  if (isForFile) rest += '-file'.length;
  if (rest < text.length && !isBlank(text.charCodeAt(rest)))
    return malformed('write a blank and a code after the word');
  const colon = text.indexOf(':', rest);
  const head = wordsOf(text, rest, colon < 0 ? text.length : colon);
  const [rule, until, date, ...more] = head;
  if (rule === undefined) return malformed('a code or a slug is missing');
  if (colon < 0) return malformed('`: reason` is missing');
  const reason = text.slice(colon + 1).trim();
  if (reason === '') return malformed('the reason is missing');
  if (until !== undefined && (until.text !== 'until' || date === undefined || more.length > 0)) {
    return malformed('expected `CODE until YYYY-MM-DD: reason`');
  }
  if (date !== undefined && !isDay(date.text)) return malformed('`until` takes a day, YYYY-MM-DD');
  if (isForFile && line > lines.lastOfTop()) return malformed('for a whole file it stands at the top of the file');
  const isAlone = text.slice(0, mark).trim() === '';
  return {
    ok: true,
    line: isForFile ? undefined : isAlone ? lines.below(line) : line,
    rule: rule.text,
    ruleAt: span(rule.start, rule.start + rule.text.length),
    until: date?.text,
    reason,
    at,
    removal: isAlone
      ? { file: source.path, start, end: Math.min(source.offsetOf(line + 1, 1), source.text.length) }
      : span(lineText.slice(0, mark).trimEnd().length, text.length),
  };
}

function wordsOf(text: string, from: number, to: number): { readonly text: string; readonly start: number }[] {
  return [...text.slice(from, to).matchAll(/\S+/g)].map((word) => ({ text: word[0], start: from + word.index }));
}

/** Whether a text is a day that the calendar has: `2027-02-28`, not `2027-02-30`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/**
 * The day of a moment in UTC: `2026-11-22`.
 *
 * @param sourceDateEpoch - seconds since 1970 that stand for the moment where they are given, so that a build can be repeated;
 * anything else than digits is ignored
 * @see https://reproducible-builds.org/specs/source-date-epoch/
 */
export function dayOf(moment: Date, sourceDateEpoch?: string): string {
  const isGiven = sourceDateEpoch !== undefined && /^\d{1,11}$/.test(sourceDateEpoch);
  return (isGiven ? new Date(Number(sourceDateEpoch) * 1000) : moment).toISOString().slice(0, 10);
}

/** What stands on the lines around the comments; every line is looked at once. */
class Lines {
  private readonly source: SourceFile;
  private readonly mark: '#' | '//';
  private lastBelow = 0;
  private top: number | undefined;

  constructor(source: SourceFile, mark: '#' | '//') {
    this.source = source;
    this.mark = mark;
  }

  /** The line that a comment of its own line speaks of: the next one that is no comment. Asked in the order of the lines. */
  below(line: number): number {
    if (this.lastBelow > line) return this.lastBelow;
    let below = line + 1;
    while (below <= this.source.lineCount && this.source.lineText(below).trimStart().startsWith(this.mark)) below++;
    this.lastBelow = below;
    return below;
  }

  /** The last line before the text says anything: comments, blank lines, and what begins a document. */
  lastOfTop(): number {
    if (this.top === undefined) {
      const opening = this.mark === '#' ? /^\s*(?:#.*|---\s*(?:#.*)?|%.*)?$/ : /^(?:#!.*|\s*(?:\/\/.*|\/?\*.*)?)$/;
      let line = 0;
      while (line < this.source.lineCount && opening.test(this.source.lineText(line + 1))) line++;
      this.top = line;
    }
    return this.top;
  }
}
