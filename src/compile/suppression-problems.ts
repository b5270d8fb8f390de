import type { Problem } from '../diagnostics';

/** What can be wrong with a comment that allows a finding. */
export const SUPPRESSION_PROBLEMS = {
  expired: {
    code: 'SUP901',
    slug: 'suppression/expired',
    severity: 'warning',
    summary: 'a comment allows a finding until a day that is past',
    why: 'A date is a promise to come back. After that day the comment allows nothing any more, and what it allowed is found again. Days are those of UTC; the day itself still counts.',
    sources: [],
    suppressible: false,
  },
  unused: {
    code: 'SUP902',
    slug: 'suppression/unused',
    severity: 'warning',
    summary: 'a comment allows a finding that there is not',
    why: 'The cause is gone, or the comment stands at another spot than the finding: on the line above it, or at the end of its line. A comment that stays behind would allow the next finding of its kind unseen. Where the rule could not be run nothing is said; in a file that several fleets include it is an info.',
    sources: [],
    suppressible: false,
  },
  malformed: {
    code: 'SUP903',
    slug: 'suppression/malformed',
    severity: 'warning',
    summary: 'a comment begins like one that allows a finding, and cannot be read',
    why: 'It reads `hostdev-allow CODE: reason`, or `hostdev-allow CODE until YYYY-MM-DD: reason`, with `hostdev-allow-file` for a whole file at its top. CODE is the code or the slug of one rule. The reason is required: it is what the next reader needs.',
    sources: [],
    suppressible: false,
  },
  unknownRule: {
    code: 'SUP904',
    slug: 'suppression/unknown-rule',
    severity: 'warning',
    summary: 'a comment allows the findings of a rule that there is not',
    why: 'A misspelt code allows nothing. Codes and slugs are those that a diagnostic prints; `docs/rules/index.md` lists them.',
    sources: [],
    suppressible: false,
  },
  neverAllowed: {
    code: 'SUP905',
    slug: 'suppression/never-allowed',
    severity: 'warning',
    summary: 'a comment allows a finding that no comment can allow',
    why: 'Some findings stand whatever a comment says: a device that the host needs would be taken, a node would not come up again, or the input cannot be read as what it is, so that there is nothing to write. A few of them can be acknowledged at the entry that they are about; the page of the rule says so.',
    sources: [],
    suppressible: false,
  },
} as const satisfies Record<string, Problem>;
