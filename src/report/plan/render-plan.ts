import { PLAIN, type Paint } from '../paint';
import { plainLine } from '../visible-text';
import { closingOf, viewOf, type PlanToShow, type ViewItem } from './plan-view';

/**
 * Plans as text for people, one for each fleet: `no changes` where nothing differs. Nothing in it that came from the input can steer a
 * terminal.
 */
export function renderPlan(plans: readonly PlanToShow[], paint: Paint = PLAIN): string {
  return plans.map((shown) => planText(shown, paint)).join('\n');
}

function planText(shown: PlanToShow, paint: Paint): string {
  const { plan, from, to } = shown;
  const lines = [paint.message(plainLine(`plan: ${from} -> ${to} (fleet ${plan.fleet})`))];
  for (const { title, items, more } of viewOf(shown)) {
    lines.push('', paint.note(title));
    for (const item of items) lines.push(...itemLines(item, paint));
    lines.push(...more.map((line) => `  ${plainLine(line)}`));
  }
  return `${[...lines, '', ...closingOf(shown).map(plainLine)].join('\n')}\n`;
}

function itemLines({ sign, head, details, hazard }: ViewItem, paint: Paint): string[] {
  const line = plainLine(head);
  return [`  ${dressed(sign, line, hazard, paint)}`, ...details.map((detail) => `      ${plainLine(detail)}`)];
}

function dressed(sign: string | undefined, head: string, hazard: ViewItem['hazard'], paint: Paint): string {
  if (hazard !== undefined) {
    const { severity, code, name, isAllowed } = hazard;
    const paints = { error: paint.error, warning: paint.warning, info: paint.info };
    return `${paints[severity](`${severity}[${code}]`)} ${name}${isAllowed ? ' (allowed)' : ''}: ${head}`;
  }
  if (sign === undefined) return head;
  const whole = `${sign} ${head}`;
  return sign === '+' ? paint.added(whole) : sign === '-' ? paint.removed(whole) : whole;
}

/** The hazards of a plan alone, as {@link renderPlan} shows them. */
export function renderHazards(shown: PlanToShow): string {
  const section = viewOf(shown).find(({ title }) => title === 'hazards');
  return (section?.items ?? []).flatMap((item) => itemLines(item, PLAIN).map((line) => line.slice(2))).join('\n');
}
