import type { Problem } from '../diagnostics';
import { INVENTORY_PROBLEMS } from '../inventory';
import { LOAD_PROBLEMS } from '../load';
import { HAZARDS } from '../plan';
import { RULES, RUNNER_PROBLEMS } from '../rules';
import { YAML_PROBLEMS } from '../yaml';
import { API_PROBLEMS } from './problems';
import { SUPPRESSION_PROBLEMS } from './suppression-problems';

/** Everything that a diagnostic can be about, in the order of the slugs. */
export const PROBLEMS: readonly Problem[] = [
  ...Object.values(YAML_PROBLEMS),
  ...Object.values(LOAD_PROBLEMS),
  ...Object.values(INVENTORY_PROBLEMS),
  ...RULES,
  ...HAZARDS,
  ...RUNNER_PROBLEMS,
  ...Object.values(API_PROBLEMS),
  ...Object.values(SUPPRESSION_PROBLEMS),
].sort((a, b) => (a.slug < b.slug ? -1 : 1));

const RULE_CODES: ReadonlySet<string> = new Set(RULES.map(({ code }) => code));

const HAZARD_CODES: ReadonlySet<string> = new Set(HAZARDS.map(({ code }) => code));

/** Whether a comment may allow a finding of this problem. What no rule finds and is an error leaves nothing to write. */
export function isSuppressible({ code, severity, suppressible }: Problem): boolean {
  if (HAZARD_CODES.has(code)) return false;
  return suppressible ?? (severity !== 'error' || RULE_CODES.has(code));
}
