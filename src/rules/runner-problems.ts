import type { Problem } from '../diagnostics';
import { unacknowledgeableRule, unknownRule, withoutFinding } from './acknowledge';
import { RULES } from './all-rules';
import type { DocumentedProblem } from './rule';
import { ruleFailed } from './rule-failed';

const ACKNOWLEDGEMENT_PROBLEMS: readonly DocumentedProblem[] = [unacknowledgeableRule, unknownRule, withoutFinding];

/** What the runner of rules finds by itself: about acknowledgements, and about a rule that failed. */
export const RUNNER_PROBLEMS: readonly Problem[] = [...ACKNOWLEDGEMENT_PROBLEMS, ruleFailed];

/** Everything found here that has executed examples. */
export const DOCUMENTED_PROBLEMS: readonly DocumentedProblem[] = [...RULES, ...ACKNOWLEDGEMENT_PROBLEMS];
