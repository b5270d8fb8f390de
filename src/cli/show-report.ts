import { resolve } from 'node:path';
import { PROBLEMS } from '../compile';
import { hasSeverity } from '../diagnostics';
import { displayPath } from '../files';
import { renderGithub, renderJson, renderSarif, renderText, type RulePage } from '../report';
import { version } from '../version';
import { EXIT_STATUS, type ExitStatus } from './exit-status';
import type { CompiledFleets } from './fleet-input';
import { terminalPaint, wantsColor, type ColorChoice } from './paint';
import { rulePageOf } from './rule-page';
import type { World } from './world';

/** The forms that findings are printed in. */
export const REPORT_FORMATS = ['text', 'json', 'sarif', 'github'] as const;

/** How findings are shown, and which of them fail. */
export interface ReportOptions {
  readonly color: ColorChoice;
  readonly format: (typeof REPORT_FORMATS)[number];
  readonly strict?: boolean;
}

/** Prints the findings; gives the exit status that they alone ask for. */
export function showReport(
  world: World,
  compiled: Pick<CompiledFleets, 'report' | 'sourceOf'>,
  options: ReportOptions,
): ExitStatus {
  world.writeOut(renderReport(world, compiled, options));
  return hasSeverity(compiled.report, options.strict === true ? 'warning' : 'error')
    ? EXIT_STATUS.findings
    : EXIT_STATUS.done;
}

function renderReport(
  world: World,
  { report, sourceOf }: Pick<CompiledFleets, 'report' | 'sourceOf'>,
  { format, color }: ReportOptions,
): string {
  const shownFile = (file: string): string => fileInRepository(world, file);
  switch (format) {
    case 'json':
      return renderJson(report, sourceOf);
    case 'sarif':
      return renderSarif(report, sourceOf, { version, pageOf, shownFile });
    case 'github':
      return renderGithub(report, sourceOf, { shownFile });
    case 'text': {
      const paint = wantsColor(world, color) ? { paint: terminalPaint() } : {};
      const width = world.columns === undefined ? {} : { width: world.columns };
      return renderText(report, sourceOf, { ...paint, ...width });
    }
  }
}

function pageOf(slug: string): RulePage | undefined {
  const problem = PROBLEMS.find((one) => one.slug === slug);
  return problem === undefined ? undefined : rulePageOf(problem);
}

/** Services look for files from the checkout's folder, which is the working folder unless a workflow says otherwise. */
function fileInRepository(world: World, file: string): string {
  const workspace = world.env['GITHUB_WORKSPACE'];
  const root = workspace === undefined || workspace === '' ? world.cwd : resolve(world.cwd, workspace);
  const absolute = resolve(world.cwd, file);
  const shown = displayPath(absolute, root);
  return shown.startsWith('../') ? absolute : shown;
}
