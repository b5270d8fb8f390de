import type { Diagnostic } from '../diagnostics';
import { drawFix, type FixRow } from './fix-lines';
import type { Paint } from './paint';
import { drawPicture, paintRow, type Sources } from './picture';
import { plainLine } from './visible-text';

/** Even a narrow terminal gets this many columns of source. */
const NARROWEST = 24;

/**
 * One diagnostic as a picture of the source: the message, the spots with their labels, notes, help, fixes, and where to read
 * more. Ends in a line end.
 *
 * @param width - of the terminal in columns; lines of source are cut to fit, prose is not
 */
export function renderDiagnostic(diagnostic: Diagnostic, sources: Sources, width: number, paint: Paint): string {
  const { code, slug, severity, message, notes, help, fixes } = diagnostic;
  // the numbers' width is known only when all lines are: five digits are what a large inventory has
  const budget = Math.max(NARROWEST, width - ' | '.length - 5);
  const rows = drawPicture(diagnostic, sources, budget);
  const changes = fixes.map((fix) => ({ fix, rows: drawFix(fix, diagnostic.primary.at.file, sources, budget) }));
  const numbered = [...rows, ...changes.flatMap((change) => change.rows)];
  const digits = Math.max(1, ...numbered.map((row) => ('line' in row ? String(row.line).length : 1)));
  const remark = (word: string, text: string): string =>
    `${' '.repeat(digits)} ${paint.frame('=')} ${paint.note(word)}: ${plainLine(text)}`;
  const lines = [
    `${paint[severity](`${severity}[${plainLine(code)}]`)}${paint.message(`: ${plainLine(message)}`)}`,
    ...rows.map((row) => paintRow(row, digits, severity, paint)),
    ...notes.map((note) => remark('note', note)),
    ...help.map((advice) => remark('help', advice)),
    ...changes.flatMap(({ fix, rows: fixRows }) => [
      remark(fix.safe ? 'fix' : 'fix (check before applying)', fix.title),
      ...fixRows.map((row) => paintFixRow(row, digits, paint)),
    ]),
    remark('more', `hostdev explain ${slug}`),
  ];
  return `${lines.join('\n')}\n`;
}

function paintFixRow(row: FixRow, digits: number, paint: Paint): string {
  switch (row.kind) {
    case 'place':
      return `${' '.repeat(digits)}${paint.frame(':::')} ${row.text}`;
    case 'gap':
      return paint.frame('...');
    case 'removed':
    case 'added': {
      const sign = row.kind === 'removed' ? '-' : '+';
      return paint[row.kind](`${String(row.line).padStart(digits)} ${sign} ${row.text}`.trimEnd());
    }
  }
}
