import type { Finding, PlacedDiagnostic, Severity } from './diagnostic';

/** A claim about another component, with a link pinned to a commit, a release or a document. */
export interface SourceLink {
  readonly claim: string;
  readonly url: string;
}

/** What can be wrong: the identity behind a diagnostic, and the text of its page. */
export interface Problem {
  /** Three letters and three digits, never reused: `PCI102`. */
  readonly code: string;
  /** `area/bad-thing`, named so that "allow bad-thing" reads as English. */
  readonly slug: string;
  readonly severity: Severity;
  /** One clause in lower case. */
  readonly summary: string;
  /** Why it matters: what happens on the host or in the cluster. Markdown. */
  readonly why: string;
  readonly sources: readonly SourceLink[];
  /**
   * Whether a comment `hostdev-allow` may allow a finding. What it would let through must not take a device from the host, nor
   * keep a node from coming up.
   *
   * @default - true for rules, and for whatever is no error
   */
  readonly suppressible?: boolean;
}

/** Stamps a problem's identity on a finding. */
export function stamp(problem: Problem, finding: Finding): PlacedDiagnostic {
  return {
    code: problem.code,
    slug: problem.slug,
    severity: finding.severity ?? problem.severity,
    message: finding.message,
    primary: finding.primary,
    secondary: finding.secondary ?? [],
    notes: finding.notes ?? [],
    help: finding.help ?? [],
    fixes: finding.fixes ?? [],
  };
}
