/**
 * A half-open range of one file, in UTF-16 code units from the start of its text (a byte order mark is not counted).
 *
 * @example `{ file: 'fleet.yaml', start: 120, end: 131 }`
 */
export interface Span {
  /** The file as the user named it, or relative to the working folder; never absolute inside outputs. */
  readonly file: string;
  /** First code unit, inclusive. */
  readonly start: number;
  /** One past the last code unit. */
  readonly end: number;
}

/** A line and a column as editors count them: both from 1, the column in UTF-16 code units. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}
