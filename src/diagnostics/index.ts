export type { Diagnostic, Finding, Fix, Label, PlacedDiagnostic, Severity, Statement } from './diagnostic';
export { InternalError } from './internal-error';
export type { Problem, SourceLink } from './problem';
export { stamp } from './problem';
export type { Report, SeverityCounts, SkippedRule } from './report';
export { countSeverities, hasSeverity, makeReport, mergeReports } from './report';
export type { Rule, RuleExample, RuleNeed } from './rule';
