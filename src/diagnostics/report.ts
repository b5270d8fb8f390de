import { compareNatural, compareText } from '../model';
import type { Diagnostic, Severity } from './diagnostic';

/** A rule that did not run, and what it would have needed. */
export interface SkippedRule {
  readonly slug: string;
  /** In words: `no inventory of node03`. */
  readonly missing: string;
}

/** Diagnostics in the order in which they are shown, each once. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly skipped: readonly SkippedRule[];
}

/** How many diagnostics of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** A report with its diagnostics sorted (path, offset, code, message) and equal ones folded into one. */
export function makeReport(diagnostics: readonly Diagnostic[], skipped: readonly SkippedRule[] = []): Report {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  return {
    diagnostics: sorted.filter((diagnostic, i) => i === 0 || !isSame(sorted[i - 1], diagnostic)),
    skipped: [...skipped].sort((a, b) => compareText(a.slug, b.slug) || compareText(a.missing, b.missing)),
  };
}

/** Both reports as one. A report merged with itself is itself. */
export function mergeReports(a: Report, b: Report): Report {
  const known = new Set(a.skipped.map((skip) => `${skip.slug}\n${skip.missing}`));
  const more = b.skipped.filter((skip) => !known.has(`${skip.slug}\n${skip.missing}`));
  return makeReport([...a.diagnostics, ...b.diagnostics], [...a.skipped, ...more]);
}

/** How many of each severity. */
export function countSeverities(report: Report): SeverityCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of report.diagnostics) counts[severity]++;
  return counts;
}

/** Whether anything in the report is at least this severe. */
export function hasSeverity(report: Report, atLeast: Severity): boolean {
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

function isSame(a: Diagnostic | undefined, b: Diagnostic): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
