import { explain as explainIn, PROBLEMS, SourceSet, type ExplainAnswer } from '../../compile';
import type { Problem, SubjectKind } from '../../diagnostics';
import { nearestName } from '../../kubevirt';
import { compareNatural } from '../../model';
import { renderExplanation, renderExplanationJson, renderRulePageText } from '../../report';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { compileInput } from '../fleet-input';
import { terminalPaint, wantsColor, type ColorChoice } from '../paint';
import { rulePageOf } from '../rule-page';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** The forms that a chain is printed in. */
export const EXPLAIN_FORMATS = ['text', 'json'] as const;

/** Options of `hostdev explain`. */
export interface ExplainOptions {
  readonly color: ColorChoice;
  readonly format: (typeof EXPLAIN_FORMATS)[number];
  /** @default fleet.yaml */
  readonly fleet?: string;
}

const DEFAULT_FLEET = 'fleet.yaml';
const SLUGS = PROBLEMS.map(({ slug }) => slug);

/**
 * `hostdev explain`: the page of a rule by its code or slug, or the whole chain of a VM, a node or a device.
 *
 * Slugs of rules begin with `vm/` and `node/` too: what is a rule's slug means the rule, unless `--fleet` is given.
 */
export function explain(world: World, wanted: string, options: ExplainOptions): ExitStatus {
  const problem = options.fleet === undefined ? problemNamed(wanted) : undefined;
  if (problem !== undefined) {
    world.writeOut(renderRulePageText(rulePageOf(problem)));
    return EXIT_STATUS.done;
  }
  const subject = subjectOf(wanted);
  if (subject === undefined) throw new UsageError(`no rule ${JSON.stringify(wanted)}${similarRules(wanted)}`);
  return explainSubject(world, subject, options);
}

interface Subject {
  readonly kind: SubjectKind;
  readonly name: string;
}

function subjectOf(wanted: string): Subject | undefined {
  const [, word, name] = /^(vmi?|node|device)\/(.+)$/s.exec(wanted) ?? [];
  if (word === undefined || name === undefined) return undefined;
  return { kind: word === 'node' || word === 'device' ? word : 'vm', name };
}

function explainSubject(world: World, { kind, name }: Subject, options: ExplainOptions): ExitStatus {
  const { fleet: path = DEFAULT_FLEET } = options;
  const { fleets, sourceOf } = compiled(world, `${kind}/${name}`, options.fleet);
  const sources = new SourceSet(new Map(), { readText: (file) => sourceOf(file)?.text, listFolder: () => undefined });
  const answers = fleets.flatMap(({ fleet, report }): ExplainAnswer[] =>
    fleet === undefined ? [] : [explainIn({ fleet, report, locate: (place) => sources.locate(place) }, kind, name)],
  );
  if (answers.length === 0) throw new UsageError(`${path} cannot be read as a fleet: see \`hostdev check ${path}\``);
  const explanations = answers.flatMap((answer) => answer.explanations);
  if (explanations.length === 0)
    throw new UsageError(
      unknownName(
        kind,
        name,
        answers.flatMap(({ names }) => names),
      ),
    );
  if (options.format === 'json') {
    world.writeOut(renderExplanationJson(explanations, sourceOf));
  } else {
    const paint = wantsColor(world, options.color) ? { paint: terminalPaint() } : {};
    world.writeOut(explanations.map((one) => renderExplanation(one, sourceOf, paint)).join('\n'));
  }
  return EXIT_STATUS.done;
}

/** Without a fleet to look in, what was asked for may have been meant as a rule. */
function compiled(world: World, wanted: string, fleet: string | undefined): ReturnType<typeof compileInput> {
  try {
    return compileInput(world, fleet ?? DEFAULT_FLEET);
  } catch (error) {
    if (fleet !== undefined || !(error instanceof UsageError)) throw error;
    const near = nearestName(wanted.toLowerCase(), SLUGS);
    const hint = near === undefined ? '' : `; there is a rule ${near}`;
    throw new UsageError(`${error.message}: name the fleet of ${wanted} with --fleet${hint}`);
  }
}

function unknownName(kind: SubjectKind, name: string, names: readonly string[]): string {
  const what = kind === 'vm' ? 'VM' : kind;
  const distinct = [...new Set(names)].sort(compareNatural);
  const near = nearest(name, distinct);
  const shown = near.length > 0 ? near : distinct.slice(0, 5);
  const more = near.length > 0 || distinct.length <= 5 ? '' : `, and ${distinct.length - 5} more`;
  const hint =
    shown.length === 0 ? 'the fleet has none' : `there are ${shown.map((one) => `${kind}/${one}`).join(', ')}${more}`;
  return `no ${what} ${JSON.stringify(name)}; ${hint}`;
}

/** Up to three names that this one may stand for: alike, or of one namespace and alike. */
function nearest(name: string, names: readonly string[]): string[] {
  const left = new Map(names.map((one) => [one, one.slice(one.indexOf('/') + 1)]));
  const found: string[] = [];
  const short = name.slice(name.indexOf('/') + 1);
  while (found.length < 3) {
    const full = nearestName(name, left.keys());
    const lastPart = full === undefined ? nearestName(short, left.values()) : undefined;
    const next = full ?? [...left].find(([, part]) => part === lastPart || part === short)?.[0];
    if (next === undefined) break;
    found.push(next);
    left.delete(next);
  }
  return found;
}

function problemNamed(wanted: string): Problem | undefined {
  const lower = wanted.toLowerCase();
  return PROBLEMS.find(({ code, slug }) => code.toLowerCase() === lower || slug === lower);
}

function similarRules(wanted: string): string {
  const lower = wanted.toLowerCase();
  const near =
    nearestName(lower, SLUGS) ??
    nearestName(
      wanted.toUpperCase(),
      PROBLEMS.map(({ code }) => code),
    );
  if (near !== undefined) return `; there is ${near}`;
  const like = PROBLEMS.filter(
    ({ code, slug }) => slug.includes(lower) || code.toLowerCase().startsWith(lower.slice(0, 3)),
  )
    .map(({ code, slug }) => `${code} ${slug}`)
    .sort(compareNatural)
    .slice(0, 5);
  return like.length === 0 ? '' : `; there are ${like.join(', ')}`;
}
