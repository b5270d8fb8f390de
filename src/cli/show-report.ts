import { hasSeverity } from '../diagnostics';
import { renderJson, renderText } from '../report';
import { EXIT_STATUS, type ExitStatus } from './exit-status';
import type { CompiledFleets } from './fleet-input';
import { terminalPaint, wantsColor, type ColorChoice } from './paint';
import type { World } from './world';

/** How findings are shown, and which of them fail. */
export interface ReportOptions {
  readonly color: ColorChoice;
  readonly format: 'text' | 'json';
  readonly strict?: boolean;
}

/** Prints the findings; gives the exit status that they alone ask for. */
export function showReport(
  world: World,
  { report, sourceOf }: Pick<CompiledFleets, 'report' | 'sourceOf'>,
  options: ReportOptions,
): ExitStatus {
  if (options.format === 'json') {
    world.writeOut(renderJson(report, sourceOf));
  } else {
    const paint = wantsColor(world, options.color) ? { paint: terminalPaint() } : {};
    const width = world.columns === undefined ? {} : { width: world.columns };
    world.writeOut(renderText(report, sourceOf, { ...paint, ...width }));
  }
  return hasSeverity(report, options.strict === true ? 'warning' : 'error') ? EXIT_STATUS.findings : EXIT_STATUS.done;
}
