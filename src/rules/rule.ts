import type { Analysis } from '../analysis';
import type { Finding, Problem, Rule, RuleExample } from '../diagnostics';
import type { Fleet, Passthrough } from '../model';

/** What every rule reads: the declared fleet and what follows from it. */
export interface RuleInput {
  readonly fleet: Fleet;
  readonly analysis: Analysis;
}

/** A finding that people may accept at the passthrough entry it is about. */
export interface FleetFinding extends Finding {
  /** The entries whose `acknowledge` may name this finding's rule; undefined: this one cannot be acknowledged. */
  readonly acknowledgeableIn?: readonly Passthrough[];
}

/** A rule about a fleet. */
export interface FleetRule extends Rule<RuleInput> {
  /**
   * Whether any of its findings may be accepted under `acknowledge`.
   *
   * @default false
   */
  readonly acknowledgeable?: boolean;
  /**
   * Whether the fleet has anything that the rule looks at; where it has not, nothing that the rule would need is missing.
   *
   * @default - always
   */
  readonly concerns?: (input: RuleInput) => boolean;
  readonly check: (input: RuleInput) => Iterable<FleetFinding>;
}

/** A problem whose page shows executed examples, found by a rule or by the runner of rules itself. */
export interface DocumentedProblem extends Problem {
  readonly examples: { readonly bad: readonly RuleExample[]; readonly good: readonly RuleExample[] };
}

/** Gives a rule its type, and nothing else. */
export function defineRule(rule: FleetRule): FleetRule {
  return rule;
}
