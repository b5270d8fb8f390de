import type { HazardExample, Problem } from '../../diagnostics';
import type { RulePage } from '../rule-page';

/** A hazard as pages are made of it. */
export interface HazardToShow extends Problem {
  readonly name: string;
  readonly examples: { readonly bad: readonly HazardExample[]; readonly good: readonly HazardExample[] };
}

/**
 * A hazard's page: its examples are two fleets, of which the later is shown with what differs from the earlier, line by line, and with the
 * plan that it draws.
 *
 * @param drawn - the hazard as the plan of an example says it
 */
export function hazardPage(hazard: HazardToShow, drawn: (example: HazardExample) => string): RulePage {
  const { name, examples, ...problem } = hazard;
  const toPage = (example: HazardExample, isBad: boolean): NonNullable<RulePage['examples']>['bad'][number] => ({
    name: example.name,
    yaml: differingLines(example.before ?? '', example.after),
    language: 'diff',
    files: filesOf(example),
    ...(isBad ? { drawn: drawn(example) } : {}),
  });
  return {
    ...problem,
    suppressible: false,
    hazardName: name,
    examples: {
      bad: examples.bad.map((example) => toPage(example, true)),
      good: examples.good.map((example) => toPage(example, false)),
    },
  };
}

function filesOf({ files = {}, afterFiles }: HazardExample): Record<string, string> {
  if (afterFiles === undefined) return { ...files };
  return Object.fromEntries(
    Object.entries(afterFiles).map(([path, text]) => [path, differingLines(files[path] ?? '', text)]),
  );
}

/** Two short texts as one: lines of both as they are, lines of one with a sign. */
export function differingLines(before: string, after: string): string {
  const [a, b] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')];
  // lengths of the longest common sequence of lines from each pair of positions on
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i] ?? ''}`);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`- ${a[i++] ?? ''}`);
    else lines.push(`+ ${b[j++] ?? ''}`);
  }
  return before === '' ? after : lines.join('\n');
}
