import { countSeverities, type Report, type Severity, type SkippedRule } from '../diagnostics';
import { compareNatural } from '../model';
import { plainLine } from './visible-text';

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/** How many of a thing, with the noun in the right number: `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * The lines that close a report: `2 errors, 1 warning` or `no findings, 3 allowed by comments`, and which rules were not run for
 * want of what, each rule once.
 *
 * @example `not run: node/absent-address, pci/shared-iommu-group (no inventory of node03)`
 */
export function closingLines(report: Report): string[] {
  const counts = countSeverities(report);
  const found = ORDER.filter((severity) => counts[severity] > 0).map((severity) => counted(counts[severity], severity));
  const words = found.length === 0 ? ['no findings'] : found;
  const allowed = report.suppressed.length === 0 ? [] : [`${report.suppressed.length} allowed by comments`];
  return [[...words, ...allowed].join(', '), ...notRun(report.skipped)];
}

function notRun(skipped: readonly SkippedRule[]): string[] {
  const missingBySlug = new Map<string, Set<string>>();
  for (const { slug, missing } of skipped) missingBySlug.set(slug, (missingBySlug.get(slug) ?? new Set()).add(missing));
  const slugsByMissing = new Map<string, string[]>();
  for (const [slug, missing] of missingBySlug) {
    const words = shortList([...missing].map(plainLine).sort(compareNatural));
    slugsByMissing.set(words, [...(slugsByMissing.get(words) ?? []), plainLine(slug)]);
  }
  return [...slugsByMissing]
    .sort(([a], [b]) => compareNatural(a, b))
    .map(([missing, slugs]) => `not run: ${slugs.sort(compareNatural).join(', ')} (${missing})`);
}

/** At most three of a list. */
function shortList(items: readonly string[]): string {
  return items.length <= 3 ? items.join(', ') : `${items.slice(0, 3).join(', ')}, and ${items.length - 3} more`;
}
