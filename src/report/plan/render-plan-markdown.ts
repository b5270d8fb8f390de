import type { Report } from '../../diagnostics';
import { counted } from '../closing-lines';
import { plainLine } from '../visible-text';
import { closingOf, viewOf, type PlanToShow, type ViewItem, type ViewSection } from './plan-view';

/** A comment that is longer is cut off by services; what comes first is what matters. */
const LONGEST_TEXT = 60_000;

/**
 * Plans as Markdown for the comment of a pull request: the closing lines first, hazards open, the rest folded. Whatever comes from the input
 * is text: no HTML, link, mention or table of its own.
 */
export function renderPlanMarkdown(plans: readonly PlanToShow[]): string {
  return cutOff(plans.map(planMarkdown).join('\n'), 'hostdev plan');
}

/** As many errors as people read in a comment. */
const MOST_ERRORS = 20;

/**
 * What stands in the place of a plan where the fleet has errors: how many, and the first of them. Without it a comment would be empty, which
 * services refuse, and the plan of an earlier push would stay.
 *
 * @param fleet - what the fleet is called by: `fleet.yaml`
 */
export function renderNoPlanMarkdown(fleet: string, { diagnostics }: Pick<Report, 'diagnostics'>): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const more = errors.length - MOST_ERRORS;
  const items = [
    ...errors.slice(0, MOST_ERRORS).map(({ code, message }) => `- **error ${code}**: ${asText(message)}`),
    ...(more > 0 ? [`- and ${counted(more, 'more error')}`] : []),
  ];
  const parts = [
    `### No plan of ${asText(fleet)}: it has errors`,
    `**${counted(errors.length, 'error')}**`,
    items.join('\n'),
  ];
  return cutOff(`${parts.join('\n\n')}\n`, 'hostdev check');
}

/** What stands in the place of a plan that was asked for in the wrong way: the line that says how. */
export function renderWrongCallMarkdown(fleet: string, reason: string): string {
  return cutOff(`### No plan of ${asText(fleet)}\n\n${asText(reason)}\n`, 'hostdev plan');
}

/** A text that fits into a comment, with what is open in it closed, and the command that prints all of it. */
function cutOff(text: string, command: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const end = text.lastIndexOf('\n', LONGEST_TEXT);
  const open = text.slice(0, end).split('<details>').length - text.slice(0, end).split('</details>').length;
  return `${text.slice(0, end)}\n${'\n</details>\n'.repeat(open)}\n… cut off here: \`${command}\` prints all of it\n`;
}

function planMarkdown(shown: PlanToShow): string {
  const { plan, from, to } = shown;
  const [first = '', ...rest] = closingOf(shown);
  const sections = viewOf(shown);
  const hazards = sections.filter(({ title }) => title === 'hazards');
  const parts = [
    `### Plan of fleet ${asText(plan.fleet)}: ${asText(from)} → ${asText(to)}`,
    `**${asText(first)}**`,
    ...rest.map((line) => asText(line.trim())),
    ...hazards.flatMap((section) => ['#### Hazards', itemsOf(section)]),
    ...sections
      .filter(({ title }) => title !== 'hazards')
      .map((section) => {
        const head = `<summary>${section.title} (${section.items.length})</summary>`;
        return `<details${section.title === 'nodes' ? ' open' : ''}>${head}\n\n${itemsOf(section)}\n\n</details>`;
      }),
  ];
  return `${parts.join('\n\n')}\n`;
}

function itemsOf({ items, more }: ViewSection): string {
  return [...items.map(itemMarkdown), ...more.map((line) => `- ${asText(line)}`)].join('\n');
}

function itemMarkdown({ sign, head, details, hazard }: ViewItem): string {
  const mark = sign === undefined ? '' : `\`${sign}\` `;
  const code =
    hazard === undefined
      ? ''
      : `**${hazard.severity} ${hazard.code} ${hazard.name}**${hazard.isAllowed ? ' (allowed)' : ''}: `;
  return [`- ${mark}${code}${asText(head)}`, ...details.map((detail) => `  - ${asText(detail.trim())}`)].join('\n');
}

/** What Markdown, HTML, or a service gives a meaning to wherever it stands. */
const MEANING = /[\\`*_{}[\]<>#!|~&@:$^"]/g;

/** What has a meaning at the start of a line, or at the start of what services make links of. */
const MEANING_AT_START = /^[-+=.]|^\d(?=\d*[.)])|(?<=\bwww)\.|(?<=\bGH)-/gi;

/** A line of text that means nothing else: whatever would is a character reference. */
export function asText(line: string): string {
  const reference = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;
  // first what stands at certain places: references of the others hold the same characters
  return plainLine(line)
    .replace(MEANING, (character) => (character === '&' || character === '#' ? character : `\0${character}`))
    .replace(MEANING_AT_START, (character) => `\0${character}`)
    .replace(/\0(.)|[&#]/gu, (whole, character: string | undefined) => reference(character ?? whole));
}
