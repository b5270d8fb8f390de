import type { Report } from '../diagnostics';
import { closingLines } from './closing-lines';
import { PLAIN, type Paint } from './paint';
import type { Sources } from './picture';
import { renderDiagnostic } from './render-diagnostic';

/** How a report is drawn. */
export interface TextOptions {
  /**
   * Width of the terminal in columns. Lines of source that are longer are shown in part.
   *
   * @default 140
   */
  readonly width?: number;
  /** @default - no colours */
  readonly paint?: Paint;
}

const DEFAULT_WIDTH = 140;

/**
 * A report as text for people: every diagnostic as a picture of the source, a blank line after each, and the closing lines.
 * Nothing in it that came from the input can steer a terminal.
 */
export function renderText(report: Report, sources: Sources, options: TextOptions = {}): string {
  const { width = DEFAULT_WIDTH, paint = PLAIN } = options;
  const pictures = report.diagnostics.map((diagnostic) => `${renderDiagnostic(diagnostic, sources, width, paint)}\n`);
  return `${pictures.join('')}${closingLines(report).join('\n')}\n`;
}
