import type { Problem } from './problem';

/** Two fleets that show a hazard, or that there is none: whole fleet files, as `hostdev synth` reads them. */
export interface HazardExample {
  /** What the example shows, in a few words. */
  readonly name: string;
  /** The fleet that is merged already; undefined: there is none. */
  readonly before: string | undefined;
  readonly after: string;
  /** Further files of both sides by path relative to the fleet file: `inventory/node01.yaml`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Those of the later side, where they are others. @default - `files` */
  readonly afterFiles?: Readonly<Record<string, string>>;
  /** What must be found, word for word; undefined for an example without the hazard. */
  readonly expected?: string;
}

/** How far a hazard reaches. Counts are of what is known; names are in natural order. */
export interface BlastRadius {
  readonly nodes: readonly string[];
  /** More than the names where a pool has nodes that the fleet does not name. */
  readonly nodeCount: number;
  /** `namespace/name` */
  readonly machines: readonly string[];
}

/** What a hazard finds in a plan, before its identity is stamped on it. */
export interface HazardFinding {
  /** One clause that begins with the act: `3 nodes of machine config pool gpu reboot`. */
  readonly message: string;
  readonly radius: BlastRadius;
  /** Facts with an actor. */
  readonly notes?: readonly string[];
  /** Advice in the imperative, two at most. */
  readonly help?: readonly string[];
  /** Keys of the changes that cause it. */
  readonly changes: readonly string[];
}

/**
 * A named bad effect of a change, from the closed list: what `--allow` accepts by its name. `error` and `warning` have to be allowed;
 * `info` is told and passes.
 */
export interface Hazard<Input> extends Problem {
  /** The slug without `plan/`. */
  readonly name: string;
  readonly examples: { readonly bad: readonly HazardExample[]; readonly good: readonly HazardExample[] };
  /** Reads the plan and yields what it finds; knows no other hazard. */
  readonly find: (input: Input) => Iterable<HazardFinding>;
}

/** A hazard that a plan has. */
export interface FoundHazard extends Required<HazardFinding> {
  readonly code: string;
  readonly slug: string;
  readonly name: string;
  readonly severity: Problem['severity'];
  /** Whether somebody has to accept it. */
  readonly needsAllowance: boolean;
}
