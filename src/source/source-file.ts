import type { Position } from './span';

/** One text with its name. Lines end at LF or CRLF; a lone CR is not a line end, as in YAML readers. */
export class SourceFile {
  /** The name shown to the user. */
  readonly path: string;
  /** The text, without a byte order mark. */
  readonly text: string;
  private starts: readonly number[] | undefined;

  /** Keeps the text; line starts are found when a position is first asked for. */
  constructor(path: string, text: string) {
    this.path = path;
    this.text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  /** How many lines the text has; an empty text has one. */
  get lineCount(): number {
    return this.lineStarts().length;
  }

  /** Where an offset lies; an offset past the end is the end. */
  positionOf(offset: number): Position {
    const starts = this.lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, this.text.length) - (starts[low] ?? 0) + 1 };
  }

  /** The offset of a line's column, both from 1; clamped to the text. */
  offsetOf(line: number, column: number): number {
    const starts = this.lineStarts();
    const start = starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0;
    return Math.min(start + Math.max(column, 1) - 1, this.text.length);
  }

  /** The text of a line, from 1, without its line end. */
  lineText(line: number): string {
    const starts = this.lineStarts();
    const start = starts[line - 1];
    if (start === undefined) return '';
    const end = starts[line] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, '');
  }

  private lineStarts(): readonly number[] {
    if (this.starts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.starts = starts;
    }
    return this.starts;
  }
}
