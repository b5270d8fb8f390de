import { compareNatural, compareText } from '../model';
import type { Span } from '../source';
import type { Diagnostic, Severity } from './diagnostic';

/** A rule that did not run, and what it would have needed. */
export interface SkippedRule {
  readonly slug: string;
  /** In words: `no inventory of node03`. */
  readonly missing: string;
}

/** A diagnostic that a comment allows, with what the comment says. */
export interface SuppressedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly by: {
    readonly reason: string;
    /** The last day on which it holds, `2027-03-01`; undefined: for good. */
    readonly until: string | undefined;
    /** The comment. */
    readonly at: Span;
  };
}

/** Diagnostics in the order in which they are shown, each once. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly skipped: readonly SkippedRule[];
  /** What comments allow: counted, and otherwise as if it were not there. */
  readonly suppressed: readonly SuppressedDiagnostic[];
}

/** How many diagnostics of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** A report with its diagnostics sorted (path, offset, code, message) and equal ones folded into one. */
export function makeReport(
  diagnostics: readonly Diagnostic[],
  skipped: readonly SkippedRule[] = [],
  suppressed: readonly SuppressedDiagnostic[] = [],
): Report {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  const allowed = [...suppressed].sort(
    (a, b) => compareDiagnostics(a.diagnostic, b.diagnostic) || compareText(JSON.stringify(a.by), JSON.stringify(b.by)),
  );
  return {
    diagnostics: sorted.filter((diagnostic, i) => i === 0 || !isSame(sorted[i - 1], diagnostic)),
    skipped: [...skipped].sort((a, b) => compareText(a.slug, b.slug) || compareText(a.missing, b.missing)),
    suppressed: allowed.filter((one, i) => i === 0 || !isSame(allowed[i - 1], one)),
  };
}

/** Both reports as one. A report merged with itself is itself. */
export function mergeReports(a: Report, b: Report): Report {
  const known = new Set(a.skipped.map((skip) => `${skip.slug}\n${skip.missing}`));
  const more = b.skipped.filter((skip) => !known.has(`${skip.slug}\n${skip.missing}`));
  return makeReport([...a.diagnostics, ...b.diagnostics], [...a.skipped, ...more], [...a.suppressed, ...b.suppressed]);
}

/** How many of each severity. */
export function countSeverities(report: Pick<Report, 'diagnostics'>): SeverityCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of report.diagnostics) counts[severity]++;
  return counts;
}

/** Whether anything in the report is at least this severe. */
export function hasSeverity(report: Pick<Report, 'diagnostics'>, atLeast: Severity): boolean {
  return report.diagnostics.some(({ severity }) => RANK[severity] >= RANK[atLeast]);
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareNatural(a.primary.at.file, b.primary.at.file) ||
    a.primary.at.start - b.primary.at.start ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function isSame<T extends Diagnostic | SuppressedDiagnostic>(a: T | undefined, b: T): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
