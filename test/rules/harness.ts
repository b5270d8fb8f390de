import { parse, stringify } from 'yaml';
import { analyse } from '../../src/analysis';
import { locateDiagnostic, SourceSet } from '../../src/compile';
import { makeReport, type Diagnostic, type PlacedDiagnostic, type RuleExample, type SkippedRule } from '../../src/diagnostics';
import { loadFleet } from '../../src/load';
import { renderText } from '../../src/report';
import { RULES, runRules, type FleetRule } from '../../src/rules';
import type { Span } from '../../src/source';
import { memoryFiles } from '../support/fleet-of';

const FLEET_FILE = 'fleet.yaml';

/** What reading and judging some files gives. */
export interface Judgement {
  /** Everything found while reading and by the rules, in the order of a report. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the rules found, before it was sorted and folded. */
  readonly findings: readonly PlacedDiagnostic[];
  readonly skipped: readonly SkippedRule[];
  /** The diagnostics of one rule as people see them. */
  readonly drawn: (code: string) => string;
}

/** An example's files without their marks, and the marked ranges: of the fleet file first, then of the others by name. */
export function unmarked({ yaml, files = {} }: RuleExample): {
  readonly files: Readonly<Record<string, string>>;
  readonly marks: readonly Span[];
} {
  const marks: Span[] = [];
  const plain: Record<string, string> = {};
  for (const [file, text] of [[FLEET_FILE, yaml] as const, ...Object.entries(files)]) {
    let clean = '';
    let start = -1;
    for (const character of text) {
      if (character === '«') start = clean.length;
      else if (character === '»') marks.push({ file, start, end: clean.length });
      else clean += character;
    }
    plain[file] = clean;
  }
  return { files: plain, marks };
}

/** Reads a fleet from files in memory and runs rules over it, as `hostdev check` does. */
export function judge(files: Readonly<Record<string, string>>, rules: readonly FleetRule[] = RULES): Judgement {
  const access = memoryFiles(files);
  const { fleet, problems, sources } = loadFleet(access, FLEET_FILE);
  const set = new SourceSet(sources, access);
  const { findings, skipped } =
    fleet === undefined ? { findings: [], skipped: [] } : runRules({ fleet, analysis: analyse(fleet) }, rules);
  const located = [...problems, ...findings].map((one) => locateDiagnostic(one, (place) => set.locate(place)));
  const report = makeReport(located, skipped);
  return {
    diagnostics: report.diagnostics,
    findings,
    skipped,
    drawn: (code) => renderText(makeReport(report.diagnostics.filter((one) => one.code === code)), (file) => set.get(file)),
  };
}

/** The files with every map turned around (`keys`), or every list (`items`); comments and layout are lost. */
export function turnedAround(files: Readonly<Record<string, string>>, what: 'keys' | 'items'): Record<string, string> {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return what === 'items' ? value.map(turn).reverse() : value.map(turn);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, turn(inner)] as const);
    return Object.fromEntries(what === 'keys' ? entries.reverse() : entries);
  };
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, stringify(turn(parse(text)), { defaultStringType: 'QUOTE_DOUBLE' })]),
  );
}

/** The fleet file with each of its values in turn replaced by one of another type. */
export function* brokenFleets(text: string): Iterable<string> {
  const whole: unknown = parse(text);
  const replacements: readonly unknown[] = [null, [], {}, 7, 'x', [null], true];
  let turn = 0;
  const visit = function* (value: unknown, rebuild: (inner: unknown) => unknown): Iterable<unknown> {
    yield rebuild(replacements[turn++ % replacements.length]);
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) {
        yield* visit(item, (inner) => rebuild(value.map((other: unknown, j) => (i === j ? inner : other))));
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        yield* visit(item, (inner) => rebuild({ ...value, [key]: inner }));
      }
    }
  };
  for (const broken of visit(whole, (inner) => inner)) yield stringify(broken);
}

/** The files after the edits of a fix. */
export function edited(
  files: Readonly<Record<string, string>>,
  edits: readonly { readonly at: Span; readonly text: string }[],
): Record<string, string> {
  const result = { ...files };
  for (const { at, text } of [...edits].sort((a, b) => b.at.start - a.at.start)) {
    const before = result[at.file] ?? '';
    result[at.file] = before.slice(0, at.start) + text + before.slice(at.end);
  }
  return result;
}
