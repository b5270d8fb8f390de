import type { Finding } from './diagnostic';
import type { Problem } from './problem';

/** What a rule may need besides the fleet itself. Without it the rule is reported once as not run. */
export type RuleNeed = 'inventory' | 'current';

/**
 * An example that is executed: a whole fleet file, or a file of objects that no fleet wrote. The text between « and » is the span that must be reported, in order;
 * the marks are removed before reading.
 */
export interface RuleExample {
  /** What the example shows, in a few words. */
  readonly name: string;
  readonly yaml: string;
  /**
   * What `yaml` is: a fleet file, or a file of a folder of objects that no fleet wrote.
   *
   * @default 'fleet'
   */
  readonly reads?: 'fleet' | 'manifests';
  /** Further files by path relative to the fleet file: `inventory/node01.yaml`. They may carry marks too. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A check that yields findings about an input of type `Input`. */
export interface Rule<Input> extends Problem {
  readonly needs: readonly RuleNeed[];
  readonly examples: { readonly bad: readonly RuleExample[]; readonly good: readonly RuleExample[] };
  /** Reads the input and yields findings; does not sort, count, suppress or know other rules. */
  readonly check: (input: Input) => Iterable<Finding>;
}
