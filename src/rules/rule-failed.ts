import type { Finding, Problem } from '../diagnostics';
import type { Place } from '../source';

/** A rule that stopped in the middle: a bug of ours that must not hide what the other rules found. */
export const ruleFailed: Problem & { readonly finding: (slug: string, place: Place, error: unknown) => Finding } = {
  code: 'BUG901',
  slug: 'internal/rule-failed',
  severity: 'error',
  summary: 'a rule could not judge this fleet',
  why: `
The rule met a fleet that its author did not think of and stopped. What it would have found is not in the report; every other
rule ran. This is a bug of hostdev, not of the fleet.`,
  sources: [],
  finding: (slug, place, error) => ({
    message: `rule ${slug} could not judge this fleet`,
    primary: { at: place, text: 'this fleet' },
    notes: [`hostdev met ${error instanceof Error ? error.message : 'an unexpected value'}`],
    help: ['report it with this fleet file, shortened as far as the message stays'],
  }),
};
