import type { Place, Span } from '../source';

/**
 * error: the cluster will not do what the text says. warning: it will, and someone will be surprised. info: nothing to do,
 * worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info';

/** Text tied to a spot; `At` is a place while rules speak and a span once it is drawn. */
export interface Label<At> {
  readonly at: At;
  /** At most 60 characters; may lean on the picture. */
  readonly text: string;
}

/** An edit that removes the finding. */
export interface Fix<At> {
  /** An instruction in the imperative. */
  readonly title: string;
  /** Whether applying it blindly cannot change the meaning otherwise. */
  readonly safe: boolean;
  readonly edits: readonly { readonly at: At; readonly text: string }[];
}

/** The parts of a finding and of a diagnostic that are words and spots. */
export interface Statement<At> {
  /** One clause that stands alone in a log. */
  readonly message: string;
  /** Where to look first. */
  readonly primary: Label<At>;
  /** Other spots, in other files too. */
  readonly secondary: readonly Label<At>[];
  /** Facts with an actor. */
  readonly notes: readonly string[];
  /** Advice in the imperative, two at most. */
  readonly help: readonly string[];
  readonly fixes: readonly Fix<At>[];
}

/** What a rule or a reader yields, before a code and a severity are stamped on it. */
export interface Finding extends Partial<Statement<Place>> {
  readonly message: string;
  readonly primary: Label<Place>;
  /** A milder severity than the rule's own, for the cases that deserve it. */
  readonly severity?: Severity;
}

/** A finding with its identity, still tied to places. */
export interface PlacedDiagnostic extends Statement<Place> {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
}

/** The finished thing: a finding with its identity, tied to ranges of texts. */
export interface Diagnostic extends Statement<Span> {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
}
