import type { Analysis } from '../analysis';
import type { Finding, Problem, Rule, RuleExample } from '../diagnostics';
import type { Fleet, Passthrough } from '../model';
import type { FleetPart } from './unread-parts';

/** What every rule reads: the declared fleet and what follows from it. */
export interface RuleInput {
  readonly fleet: Fleet;
  readonly analysis: Analysis;
  /**
   * What errors of the loader leave incomplete.
   *
   * @default - nothing
   */
  readonly unread?: ReadonlySet<FleetPart>;
}

/** A finding that people may accept at the passthrough entry it is about. */
export interface FleetFinding extends Finding {
  /** The entries whose `acknowledge` may name this finding's rule; undefined: this one cannot be acknowledged. */
  readonly acknowledgeableIn?: readonly Passthrough[];
}

/**
 * What a rule needs to see among objects that no fleet wrote: the KubeVirt or HyperConverged object, the release of KubeVirt, Nodes,
 * or MachineConfigs.
 */
export type ManifestNeed = 'kubevirt' | 'version' | 'nodes' | 'machine-configs';

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
  /**
   * What it would have to know about this fleet and cannot, in words: `no live KubeVirt object`. It is then reported as not run.
   *
   * @default - nothing
   */
  readonly lacks?: (input: RuleInput) => string | undefined;
  /**
   * The parts of the fleet that it reports things as absent from, or as not used: where errors leave one incomplete, what it would
   * find may be their consequence, and it is reported as not run.
   *
   * @default - none
   */
  readonly absentFrom?: readonly FleetPart[];
  /**
   * What it needs to judge a fleet that was read from objects which no fleet wrote. What it says must be true of such objects too:
   * what they do not show is unknown.
   *
   * @default - it judges declared fleets only
   */
  readonly manifests?: readonly ManifestNeed[];
  /**
   * Whether it judges nothing but such objects: what hostdev writes cannot have what it looks for.
   *
   * @default false
   */
  readonly manifestsOnly?: boolean;
  /**
   * What the rule would need besides its `needs` and does not have: `no live Node of node03`. It judges what is left.
   *
   * @default - nothing
   */
  readonly lacksPartly?: (input: RuleInput) => readonly string[];
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
