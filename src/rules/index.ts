export { RULES } from './all-rules';
export { isBridge, leavesGroupViable } from './iommu-groups';
export type { DocumentedProblem, FleetFinding, FleetRule, RuleInput } from './rule';
export type { RuleOutcome } from './run-rules';
export { runRules } from './run-rules';
export { unreadParts } from './unread-parts';
export { DOCUMENTED_PROBLEMS, RUNNER_PROBLEMS } from './runner-problems';
