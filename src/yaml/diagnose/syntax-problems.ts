/*
 * What is wrong with a text that the fast reader refuses. That reader stops at the first error and says little; the slow parser
 * goes on and says more, and often says one thing several times.
 */
import { YAMLException } from 'js-yaml';
import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import type { SourceFile } from '../../source';
import { MAX_DEPTH } from '../places/max-depth';
import { parseSlowly } from '../places/slow-parser';
import { MERGE_CONFLICT, SYNTAX_ERROR, TAB_INDENTATION } from '../problems';
import { deepNesting, foreignVersion, nonStringKey, rangePlace, unknownTag } from './structure-problems';
import { shortReason, syntaxMessage, type SyntaxFault } from './syntax-message';

const MAX_FAULTS = 10;

/**
 * Says what is wrong with a text that the fast reader refused.
 *
 * @param error - what the fast reader threw; it is reported where the slow one finds nothing to complain about
 * @returns at least one problem
 */
export function findSyntaxProblems(source: SourceFile, error: unknown): readonly PlacedDiagnostic[] {
  const reason = error instanceof YAMLException ? error.reason : String(error);
  const at = Math.min((error instanceof YAMLException ? error.mark?.position : undefined) ?? 0, source.text.length);
  const special = mergeConflict(source) ?? specialProblem(source, reason, at);
  if (special !== undefined) return [special];
  const faults = faultsOf(source);
  const tab = tabProblem(source, faults, reason.startsWith('tab characters') ? at : undefined);
  if (tab !== undefined) return [tab];
  const problems = withoutEchoes(source, faults).map((fault) => describe(source, fault, faults));
  return problems.length > 0 ? problems : [describeReason(source, reason, at)];
}

/** Problems that make every other complaint about the text an echo. */
function mergeConflict(source: SourceFile): PlacedDiagnostic | undefined {
  const ours = /^<{7}(?: .*)?$/m.exec(source.text);
  const theirs = /^>{7}(?: .*)?$/m.exec(source.text);
  if (ours === null || theirs === null || theirs.index < ours.index) return undefined;
  const mark = (match: RegExpExecArray) =>
    rangePlace({ file: source.path, start: match.index, end: match.index + match[0].trimEnd().length });
  return stamp(MERGE_CONFLICT, {
    message: 'the text holds both sides of an unresolved merge',
    primary: { at: mark(ours), text: 'one side begins here' },
    secondary: [{ at: mark(theirs), text: 'the other side ends here' }],
    help: ['choose one side, and delete the marks'],
  });
}

function specialProblem(source: SourceFile, reason: string, at: number): PlacedDiagnostic | undefined {
  const span = { file: source.path, start: at, end: Math.min(at + 1, source.text.length) };
  if (reason.startsWith('nesting exceeded')) return deepNesting(span, MAX_DEPTH);
  const version = /^%YAML[ \t]+(\S+)/m.exec(source.text);
  if (reason.startsWith('unacceptable YAML version') && version !== null) {
    return foreignVersion(version[1] ?? '', { ...span, start: version.index, end: version.index + version[0].length });
  }
  const isControl = /null byte|non-printable|valid JSON character/.test(reason);
  if (!isControl) return undefined;
  const code = source.text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return stamp(SYNTAX_ERROR, {
    message: `the text holds the control character U+${code}`,
    primary: { at: rangePlace(span), text: 'a character that YAML does not allow' },
    help: ['delete it, or write it as an escape in double quotes'],
  });
}

/** One problem for all tabs: everything else that is wrong with such a text follows from them. */
function tabProblem(
  source: SourceFile,
  faults: readonly SyntaxFault[],
  known: number | undefined,
): PlacedDiagnostic | undefined {
  const tabs = faults.filter(({ code }) => code === 'TAB_AS_INDENT').map(({ start }) => start);
  const start = tabs[0] ?? known;
  if (start === undefined) return undefined;
  let end = start + 1;
  while (source.text[end] === '\t') end++;
  const lines = new Set(tabs.map((tab) => source.positionOf(tab).line)).size;
  const more = lines - 1;
  return stamp(TAB_INDENTATION, {
    message: 'a line is indented with a tab',
    primary: { at: rangePlace({ file: source.path, start, end }), text: 'a tab' },
    notes: more > 0 ? [`${more} more ${more === 1 ? 'line is' : 'lines are'} indented with tabs`] : [],
    help: ['indent with spaces'],
  });
}

/** The first fault of each line; what follows from an earlier one is left out. */
function withoutEchoes(source: SourceFile, faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const kept: SyntaxFault[] = [];
  let lastLine = 0;
  for (const fault of faults) {
    const { line } = source.positionOf(fault.start);
    if (kept.length >= MAX_FAULTS) break;
    if (line === lastLine || (kept.length > 0 && isEcho(fault, line - lastLine))) continue;
    lastLine = line;
    kept.push(fault);
  }
  return kept;
}

/** Whether a parser that lost its way would say this `distance` lines behind the place where it did. */
function isEcho(fault: SyntaxFault, distance: number): boolean {
  if (fault.code !== 'UNEXPECTED_TOKEN') return false;
  return (
    / in YAML stream|Not a YAML token/.test(fault.reason) || (fault.reason.endsWith('at node end') && distance === 1)
  );
}

function describe(source: SourceFile, fault: SyntaxFault, faults: readonly SyntaxFault[]): PlacedDiagnostic {
  const file = source.path;
  if (fault.code === 'NON_STRING_KEY') {
    const isList = source.text[fault.start] === '[';
    const isTemplate = source.text.startsWith('{{', fault.start - 1);
    return nonStringKey(isList ? 'a list' : 'a map', { file, start: fault.start, end: fault.end }, isTemplate);
  }
  if (fault.code === 'TAG_RESOLVE_FAILED') {
    const span = { file, start: fault.start, end: fault.end };
    return unknownTag(source.text.slice(fault.start, fault.end), span, 'its handle is not declared');
  }
  const companions = new Set(faults.filter(({ start }) => start === fault.start).map(({ code }) => code));
  const { message, label, start, end, help } = syntaxMessage(source.text, fault, companions);
  return stamp(SYNTAX_ERROR, {
    message,
    primary: { at: rangePlace({ file, start, end }), text: label },
    help: help === undefined ? [] : [help],
  });
}

function describeReason(source: SourceFile, reason: string, at: number): PlacedDiagnostic {
  const { start, end } = syntaxMessage(source.text, { code: '', reason, start: at, end: at + 1 }, new Set());
  return stamp(SYNTAX_ERROR, {
    message: 'the text is not valid YAML',
    primary: { at: rangePlace({ file: source.path, start, end }), text: shortReason(reason) },
  });
}

function faultsOf(source: SourceFile): readonly SyntaxFault[] {
  const faults = parseSlowly(source).flatMap((document) =>
    document.errors.map(({ code, message, pos }): SyntaxFault => {
      const isOpenQuote = code === 'MISSING_CHAR' && message.startsWith('Missing closing');
      const opened = isOpenQuote ? lastQuoteIn(document.contents) : undefined;
      return opened === undefined
        ? { code, reason: message, start: pos[0], end: pos[1] }
        : { code, reason: message, start: opened, end: opened + 1 };
    }),
  );
  return faults.sort((a, b) => a.start - b.start);
}

/** Where the last quoted text begins: the parser reports a missing quote at the end of the text instead. */
function lastQuoteIn(contents: unknown): number | undefined {
  let last: number | undefined;
  const open: unknown[] = [contents];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { type, range, items, key, value } = node as {
      type?: string;
      range?: readonly number[];
      items?: unknown[];
      key?: unknown;
      value?: unknown;
    };
    if (type?.startsWith('QUOTE') === true) last = Math.max(last ?? 0, range?.[0] ?? 0);
    for (const inner of [key, value, ...(items ?? [])])
      if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
  return last;
}
