import { PROBLEMS } from '../../compile';
import { compareNatural } from '../../model';
import { renderRulePageText } from '../../report';
import { rulePageOf } from '../rule-page';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** `hostdev explain CODE`: the page of a rule, by its code or its slug. */
export function explain(world: World, wanted: string): ExitStatus {
  const lower = wanted.toLowerCase();
  const problem = PROBLEMS.find(({ code, slug }) => code.toLowerCase() === lower || slug === lower);
  if (problem === undefined) {
    const like = PROBLEMS.filter(
      ({ code, slug }) => slug.includes(lower) || code.toLowerCase().startsWith(lower.slice(0, 3)),
    )
      .map(({ code, slug }) => `${code} ${slug}`)
      .sort(compareNatural)
      .slice(0, 5);
    const hint = like.length === 0 ? '' : `; there are ${like.join(', ')}`;
    throw new UsageError(`no rule ${JSON.stringify(wanted)}${hint}`);
  }
  world.writeOut(renderRulePageText(rulePageOf(problem)));
  return EXIT_STATUS.done;
}
