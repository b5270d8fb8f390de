/*
 * Runs the rules over one fleet. A rule speaks for itself alone; what they have in common is here: identity stamped on what
 * they yield, acknowledgements, what could not be judged, and that one rule's failure leaves the others standing.
 */
import { stamp, type PlacedDiagnostic, type SkippedRule } from '../diagnostics';
import type { Acknowledgement, NodePool, Passthrough } from '../model';
import { acknowledgementFindings } from './acknowledge';
import { RULES } from './all-rules';
import { ruleFailed } from './rule-failed';
import type { FleetRule, RuleInput } from './rule';
import { listed } from './words';

/** What the rules have to say about a fleet, and what they could not judge. */
export interface RuleOutcome {
  /** In the order of the rules; a report sorts and folds them. */
  readonly findings: readonly PlacedDiagnostic[];
  readonly skipped: readonly SkippedRule[];
}

/**
 * Everything that the rules find in a fleet. A rule that throws is itself a finding (`internal/rule-failed`) and the others go
 * on. A rule that needs an inventory judges the nodes that have one.
 */
export function runRules(input: RuleInput, rules: readonly FleetRule[] = RULES): RuleOutcome {
  const findings: PlacedDiagnostic[] = [];
  const skipped: SkippedRule[] = [];
  const used = new Set<Acknowledgement>();
  for (const rule of rules) {
    try {
      if (rule.concerns?.(input) === false) continue;
      const missing = missingNeeds(rule, input);
      for (const what of missing.partly) skipped.push({ slug: rule.slug, missing: what });
      if (missing.wholly !== undefined) {
        skipped.push({ slug: rule.slug, missing: missing.wholly });
        continue;
      }
      const found: PlacedDiagnostic[] = [];
      const accepted: Acknowledgement[] = [];
      for (const finding of rule.check(input)) {
        const acknowledgements = acceptedBy(rule, finding.acknowledgeableIn ?? []);
        if (acknowledgements.length === 0) found.push(stamp(rule, finding));
        accepted.push(...acknowledgements);
      }
      findings.push(...found);
      for (const acknowledgement of accepted) used.add(acknowledgement);
    } catch (error) {
      findings.push(stamp(ruleFailed, ruleFailed.finding(rule.slug, input.fleet.place, error)));
    }
  }
  findings.push(...acknowledgementFindings(input, rules, used));
  return { findings, skipped };
}

function acceptedBy(rule: FleetRule, entries: readonly Passthrough[]): Acknowledgement[] {
  if (rule.acknowledgeable !== true) return [];
  return entries.flatMap(({ acknowledge }) => acknowledge.filter(({ slug }) => slug === rule.slug));
}

function missingNeeds(rule: FleetRule, { fleet }: RuleInput): { wholly?: string; partly: string[] } {
  if (rule.needs.includes('current') && fleet.cluster.current === undefined) {
    return { wholly: 'no `cluster.current`', partly: [] };
  }
  if (!rule.needs.includes('inventory')) return { partly: [] };
  const inventoried = new Set(fleet.inventories.map(({ node }) => node));
  const blind = fleet.nodePools
    .filter(handsOver)
    .flatMap(({ nodes }) => nodes.map(({ name }) => name).filter((name) => !inventoried.has(name)));
  return { partly: blind.length === 0 ? [] : [`no inventory of ${listed(blind)}`] };
}

function handsOver(pool: NodePool): boolean {
  return pool.passthrough.length > 0 || pool.mediatedDevices.length > 0;
}
