import { countSeverities, type Label, type Report } from '../diagnostics';
import type { SourceFile, Span } from '../source';
import type { Sources } from './picture';

/**
 * A report for programs, as `schema/report.schema.json` describes it: one JSON object, indented by two, with a line end.
 *
 * Offsets are UTF-16 code units from the start of the text; lines and columns count from 1, the end is one past the last
 * character. Lines and columns are left out where the text is not there.
 */
export function renderJson(report: Report, sources: Sources): string {
  const document = {
    version: 1,
    diagnostics: report.diagnostics.map(
      ({ code, slug, severity, message, primary, secondary, notes, help, fixes }) => ({
        code,
        slug,
        severity,
        message,
        primary: labelJson(primary, sources),
        secondary: secondary.map((label) => labelJson(label, sources)),
        notes,
        help,
        fixes: fixes.map(({ title, safe, edits }) => ({
          title,
          safe,
          edits: edits.map((edit) => labelJson(edit, sources)),
        })),
      }),
    ),
    counts: countSeverities(report),
    skipped: report.skipped.map(({ slug, missing }) => ({ slug, missing })),
  };
  return `${JSON.stringify(document, undefined, 2).replace(STEERING, escape)}\n`;
}

/** What JSON lets through and a terminal obeys. Escaped, it is the same text to a program. */
const STEERING = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function labelJson({ at, text }: Label<Span>, sources: Sources): object {
  return { file: at.file, ...positionsJson(at, sources(at.file)), start: at.start, end: at.end, text };
}

function positionsJson({ start, end }: Span, source: SourceFile | undefined): object {
  if (source === undefined) return {};
  const first = source.positionOf(start);
  const last = source.positionOf(end);
  return { line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
}
