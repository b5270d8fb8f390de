export type { Diagnostic, Finding, Fix, Label, PlacedDiagnostic, Severity, Statement } from './diagnostic';
export type {
  AdvertisedFate,
  Artefact,
  Chain,
  DeviceFate,
  Explanation,
  FunctionFate,
  GroupFate,
  NodeCount,
  NodeFate,
  Step,
  StepKind,
  StepState,
  SubjectKind,
} from './explanation';
export type { BlastRadius, FoundHazard, Hazard, HazardExample, HazardFinding } from './hazard';
export { InternalError } from './internal-error';
export type { GateChange, ObjectChange, UpgradePath, UpgradeStep } from './upgrade-path';
export type { Problem, SourceLink } from './problem';
export { stamp } from './problem';
export type { Report, SeverityCounts, SkippedRule, SuppressedDiagnostic } from './report';
export { countSeverities, hasSeverity, makeReport, mergeReports } from './report';
export type { Rule, RuleExample, RuleNeed } from './rule';
export type { CommentSyntax, MalformedSuppression, Suppression } from './suppression';
export { dayOf, isDay, readSuppressions, SUPPRESSION_WORD } from './suppression';
