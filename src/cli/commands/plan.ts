import { hasSeverity, InternalError } from '../../diagnostics';
import { nearestName } from '../../kubevirt';
import type { NodeInventory } from '../../model';
import { BASELINE_FOLDER, emptyBaseline, HAZARDS, makePlan, readBaseline, type Baseline } from '../../plan';
import {
  notAllowed,
  renderNoPlanMarkdown,
  renderPlan,
  renderPlanJson,
  renderPlanMarkdown,
  renderWrongCallMarkdown,
  type PlanToShow,
} from '../../report';
import { earlierOf, fleetsOf, readEarlierSide } from '../baseline-input';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { compileInput, type CompiledFleets } from '../fleet-input';
import { reportInterrupted } from '../interrupted';
import { terminalPaint, wantsColor, type ColorChoice } from '../paint';
import { showReport } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** The forms that a plan is printed in. */
export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

/** Options of `hostdev plan`. */
export interface PlanOptions {
  readonly color: ColorChoice;
  readonly format: (typeof PLAN_FORMATS)[number];
  /** A commit, a folder, or `none`. */
  readonly against: string;
  /** The output folder in a commit. */
  readonly output: string;
  /** Names of hazards that are accepted. */
  readonly allow: readonly string[];
}

/**
 * `hostdev plan`: says what merging does; writes nothing. A fleet with errors has no plan: its findings are printed instead, and as Markdown
 * that there is none. So is what is wrong with the invocation: a comment that is not replaced shows the plan of an earlier push.
 */
export function plan(world: World, fleet: string, options: PlanOptions): ExitStatus {
  try {
    return planOf(world, fleet, options);
  } catch (error) {
    if (error instanceof UsageError && options.format === 'markdown')
      world.writeOut(renderWrongCallMarkdown(fleet, error.message));
    throw error;
  }
}

function planOf(world: World, fleet: string, options: PlanOptions): ExitStatus {
  const allowed = new Set(options.allow.map(hazardNamed));
  const earlier = readEarlierSide(world, options.against, options.output);
  reportInterrupted(world, options.output);
  const compiled = compileInput(world, fleet);
  if (hasSeverity(compiled.report, 'error')) {
    const { color } = options;
    showReport({ ...world, writeOut: world.writeError }, compiled, { color, format: 'text' });
    world.writeError('hostdev: no plan of a fleet with errors\n');
    if (options.format === 'markdown') world.writeOut(renderNoPlanMarkdown(fleet, compiled.report));
    return EXIT_STATUS.findings;
  }
  const later = laterSide(compiled);
  const isOnly = later.length === 1;
  // of two sides with one fleet each, the one is what the other was
  const gone = earlier.baselines.filter(
    ({ fleet: name }) =>
      !(isOnly && earlier.baselines.length === 1) && later.every(({ after }) => after.fleet !== name),
  );
  const shown = [
    ...later.map(({ after, inventories }) => ({ before: earlierOf(earlier, after, { inventories, isOnly }), after })),
    ...gone.map((before) => ({ before, after: emptyBaseline(before) })),
  ].map(({ before, after }): PlanToShow => ({ plan: makePlan(before, after), from: earlier.name, to: fleet, allowed }));
  world.writeOut(rendered(world, shown, options));
  return shown.some((one) => notAllowed(one).length > 0) ? EXIT_STATUS.hazards : EXIT_STATUS.done;
}

function rendered(world: World, shown: readonly PlanToShow[], { format, color }: PlanOptions): string {
  switch (format) {
    case 'json':
      return renderPlanJson(shown);
    case 'markdown':
      return renderPlanMarkdown(shown);
    case 'text':
      return renderPlan(shown, wantsColor(world, color) ? terminalPaint() : undefined);
  }
}

function hazardNamed(wanted: string): string {
  const names = HAZARDS.map(({ name }) => name);
  if (names.includes(wanted)) return wanted;
  const near = nearestName(wanted.toLowerCase().replace(/^plan\//, ''), names);
  const hint = near === undefined ? `there are ${names.join(', ')}` : `there is ${near}`;
  throw new UsageError(`--allow ${JSON.stringify(wanted)}: no hazard is called so; ${hint}`);
}

/** What the fleets compile to, as a baseline each. */
function laterSide({
  fleets,
}: CompiledFleets): { readonly after: Baseline; readonly inventories: readonly NodeInventory[] }[] {
  return fleets.flatMap(({ fleet, outputs }) => {
    if (outputs === undefined) return [];
    const files = new Map(
      [...outputs.files].flatMap(([path, file]) =>
        path.startsWith(`${BASELINE_FOLDER}/`) ? [[path, file.text] as const] : [],
      ),
    );
    return fleetsOf(files).map((own) => {
      const read = readBaseline(own);
      if (!read.ok) throw new InternalError(`the baseline that was just made cannot be read: ${read.reason}`);
      return { after: read.value, inventories: fleet?.inventories ?? [] };
    });
  });
}
