import type { Problem } from '../diagnostics';
import { INVENTORY_PROBLEMS } from '../inventory';
import { LOAD_PROBLEMS } from '../load';
import { RULES } from '../rules';
import { YAML_PROBLEMS } from '../yaml';
import { API_PROBLEMS } from './problems';

/** Everything that a diagnostic can be about, in the order of the slugs. */
export const PROBLEMS: readonly Problem[] = [
  ...Object.values(YAML_PROBLEMS),
  ...Object.values(LOAD_PROBLEMS),
  ...Object.values(INVENTORY_PROBLEMS),
  ...RULES,
  ...Object.values(API_PROBLEMS),
].sort((a, b) => (a.slug < b.slug ? -1 : 1));
