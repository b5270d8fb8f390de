import type { Diagnostic, Report, Severity } from '../diagnostics';
import { closingLines } from './closing-lines';
import type { Sources } from './picture';
import { plainLine } from './visible-text';

/** How files are named in annotations. */
export interface GithubOptions {
  /**
   * A file relative to the repository, with `/`.
   *
   * @default - as the report names it
   */
  readonly shownFile?: (file: string) => string;
}

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * A report as workflow commands of GitHub Actions, one per finding, which become annotations of the changed files; then the
 * closing lines, which are no commands.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
export function renderGithub(report: Report, sources: Sources, options: GithubOptions = {}): string {
  const commands = report.diagnostics.map((diagnostic) => command(diagnostic, sources, options));
  return `${[...commands, ...closingLines(report).map(logText)].join('\n')}\n`;
}

function command(diagnostic: Diagnostic, sources: Sources, { shownFile = (file) => file }: GithubOptions): string {
  const { code, slug, severity, message, primary, notes, help } = diagnostic;
  const properties = [
    `file=${propertyText(shownFile(primary.at.file))}`,
    ...rangeProperties(diagnostic, sources),
    `title=${propertyText(`${code} ${slug}`)}`,
  ];
  const lines = [
    primary.text === '' ? message : `${message}: ${primary.text}`,
    ...notes.map((note) => `note: ${note}`),
    ...help.map((advice) => `help: ${advice}`),
  ];
  return `::${COMMANDS[severity]} ${properties.join(',')}::${messageText(lines)}`;
}

/** Columns are given within one line only: an annotation of several lines takes none. Its ends are inclusive. */
function rangeProperties({ primary }: Diagnostic, sources: Sources): string[] {
  const source = sources(primary.at.file);
  if (source === undefined) return [];
  const first = source.positionOf(primary.at.start);
  const last = source.positionOf(Math.max(primary.at.start, primary.at.end - 1));
  if (first.line !== last.line) return [`line=${first.line}`, `endLine=${last.line}`];
  return [`line=${first.line}`, `endLine=${last.line}`, `col=${first.column}`, `endColumn=${last.column}`];
}

/** A percent sign begins an escape, and line ends end the command; every line is free of control characters already. */
function messageText(lines: readonly string[]): string {
  return lines.map((line) => plainLine(line).replace(/%/g, '%25')).join('%0A');
}

function propertyText(text: string): string {
  return plainLine(text).replace(/%/g, '%25').replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** The runner obeys the older form of commands anywhere in a line. */
function logText(line: string): string {
  return line.replace(/##\[/g, '## [');
}
