export { RULES } from './all-rules';
export type { DocumentedProblem, FleetFinding, FleetRule, RuleInput } from './rule';
export type { RuleOutcome } from './run-rules';
export { runRules } from './run-rules';
export { DOCUMENTED_PROBLEMS, RUNNER_PROBLEMS } from './runner-problems';
