/*
 * Runs the rules over one fleet. A rule speaks for itself alone; what they have in common is here: identity stamped on what
 * they yield, acknowledgements, what could not be judged, and that one rule's failure leaves the others standing.
 */
import { stamp, type PlacedDiagnostic, type SkippedRule } from '../diagnostics';
import type { Acknowledgement, Fleet, NodePool, Passthrough } from '../model';
import { acknowledgementFindings } from './acknowledge';
import { RULES } from './all-rules';
import { nearestName } from '../kubevirt';
import { ruleFailed } from './rule-failed';
import type { FleetRule, ManifestNeed, RuleInput } from './rule';
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
  const slugs = new Set(rules.map(({ slug }) => slug));
  for (const rule of rules) {
    try {
      if (!judges(rule, input) || rule.concerns?.(input) === false) continue;
      const lacking = rule.lacks?.(input);
      const missing = lacking === undefined ? missingNeeds(rule, input) : { wholly: lacking, partly: [] };
      const unread = rule.absentFrom?.find((part) => input.unread?.has(part) === true);
      if (unread !== undefined) {
        skipped.push({ slug: rule.slug, missing: `\`${unread}\` is not read in full: correct the errors first` });
        continue;
      }
      for (const what of missing.partly) skipped.push({ slug: rule.slug, missing: what });
      if (missing.wholly !== undefined) {
        skipped.push({ slug: rule.slug, missing: missing.wholly });
        continue;
      }
      for (const what of rule.lacksPartly?.(input) ?? []) skipped.push({ slug: rule.slug, missing: what });
      const found: PlacedDiagnostic[] = [];
      const accepted: Acknowledgement[] = [];
      for (const finding of rule.check(input)) {
        const acknowledgements = acceptedBy(rule, finding.acknowledgeableIn ?? [], slugs);
        if (acknowledgements.length === 0) found.push(stamp(rule, finding));
        accepted.push(...acknowledgements);
      }
      findings.push(...found);
      for (const acknowledgement of accepted) used.add(acknowledgement);
    } catch (error) {
      findings.push(stamp(ruleFailed, ruleFailed.finding(rule.slug, input.fleet.place, error)));
    }
  }
  findings.push(...acknowledgementFindings(input, rules, used, findings));
  return { findings, skipped };
}

function acceptedBy(rule: FleetRule, entries: readonly Passthrough[], slugs: ReadonlySet<string>): Acknowledgement[] {
  if (rule.acknowledgeable !== true) return [];
  return entries.flatMap(({ acknowledge }) =>
    // a misspelt name is an error of its own, and what it means is not said as well
    acknowledge.filter(
      ({ slug }) => slug === rule.slug || (!slugs.has(slug) && nearestName(slug, slugs) === rule.slug),
    ),
  );
}

/** Whether a rule speaks of fleets of this origin at all. */
function judges({ manifests, manifestsOnly }: FleetRule, { fleet }: RuleInput): boolean {
  return fleet.origin === 'manifests' ? manifests !== undefined : manifestsOnly !== true;
}

function missingNeeds(
  rule: FleetRule,
  { fleet }: RuleInput,
): { readonly wholly?: string; readonly partly: readonly string[] } {
  if (fleet.origin === 'manifests') return missingFromManifests(rule, fleet);
  if (rule.needs.includes('current') && fleet.cluster.current === undefined) {
    return { wholly: 'no `cluster.current`', partly: [] };
  }
  return { partly: rule.needs.includes('inventory') ? missingInventories(fleet) : [] };
}

const NEED_IN_WORDS: Readonly<Record<ManifestNeed, string>> = {
  kubevirt: 'no KubeVirt or HyperConverged object',
  version: 'the release of KubeVirt is not known: `--kubevirt`',
  nodes: 'no Node objects',
  'machine-configs': 'no MachineConfigs',
};

function missingFromManifests(
  { manifests = [], needs }: FleetRule,
  fleet: Fleet,
): { readonly wholly?: string; readonly partly: readonly string[] } {
  const need = manifests.find((one) => !isThere(fleet, one));
  if (need !== undefined) return { wholly: NEED_IN_WORDS[need], partly: [] };
  if (!needs.includes('inventory') || !fleet.nodePools.some(handsOver)) return { partly: [] };
  if (fleet.inventories.length === 0) return { wholly: 'no inventory: `--inventory`', partly: [] };
  if (!isThere(fleet, 'nodes')) return { wholly: NEED_IN_WORDS.nodes, partly: [] };
  return { partly: missingInventories(fleet) };
}

function isThere({ cluster }: Fleet, need: ManifestNeed): boolean {
  const hasKind = (...kinds: readonly string[]): boolean =>
    cluster.current?.some(({ kind }) => kinds.includes(kind)) === true;
  switch (need) {
    case 'kubevirt':
      return hasKind('KubeVirt', 'HyperConverged');
    case 'version':
      return cluster.kubevirt.version !== '';
    case 'nodes':
      return hasKind('Node');
    case 'machine-configs':
      return hasKind('MachineConfig');
  }
}

/** Each of the rules that need inventories asks. */
const MISSING = new WeakMap<Fleet, readonly string[]>();

function missingInventories(fleet: Fleet): readonly string[] {
  let missing = MISSING.get(fleet);
  if (missing === undefined) MISSING.set(fleet, (missing = findMissingInventories(fleet)));
  return missing;
}

function findMissingInventories(fleet: Fleet): string[] {
  const inventoried = new Set(fleet.inventories.map(({ node }) => node));
  const blind = fleet.nodePools
    .filter(handsOver)
    .flatMap(({ nodes }) => nodes.map(({ name }) => name).filter((name) => !inventoried.has(name)));
  return blind.length === 0 ? [] : [`no inventory of ${listed(blind)}`];
}

function handsOver(pool: NodePool): boolean {
  return pool.passthrough.length > 0 || pool.mediatedDevices.length > 0;
}
