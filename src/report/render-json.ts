import { countSeverities, type Diagnostic, type Label, type Report } from '../diagnostics';
import type { SourceFile, Span } from '../source';
import { jsonText } from './json-text';
import type { Sources } from './picture';

/**
 * A report for programs, as `schema/report.schema.json` describes it: one JSON object, indented by two, with a line end.
 *
 * Offsets are UTF-16 code units from the start of the text; lines and columns count from 1, the end is one past the last
 * character. Lines and columns are left out where the text is not there.
 */
export function renderJson(report: Report, sources: Sources): string {
  return jsonText({
    version: 1,
    diagnostics: report.diagnostics.map((diagnostic) => diagnosticJson(diagnostic, sources)),
    counts: { ...countSeverities(report), suppressed: report.suppressed.length },
    skipped: report.skipped.map(({ slug, missing }) => ({ slug, missing })),
    suppressed: report.suppressed.map(({ diagnostic, by }) => ({
      diagnostic: diagnosticJson(diagnostic, sources),
      reason: by.reason,
      until: by.until,
      comment: placeJson(by.at, sources),
    })),
  });
}

/** One finding, as every JSON form of ours gives it. */
export function diagnosticJson(diagnostic: Diagnostic, sources: Sources): object {
  const { code, slug, severity, message, primary, secondary, notes, help, fixes } = diagnostic;
  return {
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
  };
}

function labelJson({ at, text }: Label<Span>, sources: Sources): object {
  return { ...placeJson(at, sources), text };
}

/** A range as every JSON form of ours gives it. */
export function placeJson(at: Span, sources: Sources): object {
  return { file: at.file, ...positionsJson(at, sources(at.file)), start: at.start, end: at.end };
}

function positionsJson({ start, end }: Span, source: SourceFile | undefined): object {
  if (source === undefined) return {};
  const first = source.positionOf(start);
  const last = source.positionOf(end);
  return { line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
}
