import { parseAllDocuments, stringify } from 'yaml';
import { analyse } from '../../src/analysis';
import { locateDiagnostic, SourceSet } from '../../src/compile';
import {
  makeReport,
  type Diagnostic,
  type PlacedDiagnostic,
  type RuleExample,
  type SkippedRule,
} from '../../src/diagnostics';
import { loadFleet, loadManifests } from '../../src/load';
import { renderText } from '../../src/report';
import { RULES, runRules, unreadParts, type FleetRule } from '../../src/rules';
import type { Span } from '../../src/source';
import { memoryFiles } from '../support/fleet-of';

const FLEET_FILE = 'fleet.yaml';
/** What holds the objects of an example that no fleet wrote. */
const OBJECTS_FILE = 'objects.yaml';

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
export function unmarked({ yaml, files = {}, reads = 'fleet' }: RuleExample): {
  readonly files: Readonly<Record<string, string>>;
  readonly marks: readonly Span[];
} {
  const marks: Span[] = [];
  const plain: Record<string, string> = {};
  const main = reads === 'manifests' ? OBJECTS_FILE : FLEET_FILE;
  for (const [file, text] of [[main, yaml] as const, ...Object.entries(files)]) {
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

/** What was found before anything is located, and what locates it. */
interface Found extends Pick<Judgement, 'findings' | 'skipped'> {
  /** What reading found. */
  readonly problems: readonly PlacedDiagnostic[];
  readonly sources: SourceSet;
}

/** What the rules find in a fleet, or in objects that no fleet wrote. */
export function find(files: Readonly<Record<string, string>>, rules: readonly FleetRule[] = RULES): Found {
  const access = memoryFiles(files);
  const inventory = access.listFolder('inventory') === undefined ? undefined : 'inventory';
  const { fleet, problems, sources } = Object.hasOwn(files, OBJECTS_FILE)
    ? loadManifests(access, '.', { inventory })
    : loadFleet(access, FLEET_FILE);
  const set = new SourceSet(sources, access);
  if (fleet === undefined) return { problems, findings: [], skipped: [], sources: set };
  return {
    problems,
    sources: set,
    ...runRules({ fleet, analysis: analyse(fleet), unread: unreadParts(problems) }, rules),
  };
}

/** Reads a fleet, or objects that no fleet wrote, from files in memory and runs rules over it, as `hostdev check` does. */
export function judge(files: Readonly<Record<string, string>>, rules: readonly FleetRule[] = RULES): Judgement {
  const { problems, findings, skipped, sources: set } = find(files, rules);
  const located = [...problems, ...findings].map((one) => locateDiagnostic(one, (place) => set.locate(place)));
  const report = makeReport(located, skipped);
  return {
    diagnostics: report.diagnostics,
    findings,
    skipped,
    drawn: (code) =>
      renderText(makeReport(report.diagnostics.filter((one) => one.code === code)), (file) => set.get(file)),
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
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, written(documentsOf(text).map(turn))]));
}

function documentsOf(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

function written(documents: readonly unknown[]): string {
  return documents.map((one) => stringify(one, { defaultStringType: 'QUOTE_DOUBLE' })).join('---\n');
}

/** The fleet file with each of its values in turn replaced by one of another type. */
export function* brokenFleets(text: string): Iterable<string> {
  const whole: unknown = documentsOf(text);
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
  // as JSON, which is YAML and a tenth of the work: there are ten thousand of them
  for (const broken of visit(whole, (inner) => inner))
    yield (Array.isArray(broken) ? broken : [broken]).map((one) => JSON.stringify(one)).join('\n---\n');
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

/** The files with longer names for devices, pools, nodes and VMs, everywhere they stand; layout is lost. */
export function withLongNames(files: Readonly<Record<string, string>>): Record<string, string> {
  const parsed = Object.entries(files).map(([file, text]) => [file, documentsOf(text)] as const);
  const spec = record(record(parsed.find(([file]) => file === FLEET_FILE)?.[1][0])['spec']);
  const names = new Set(['devices', 'nodePools', 'virtualMachines'].flatMap((key) => Object.keys(record(spec[key]))));
  for (const pool of Object.values(record(spec['nodePools']))) {
    for (const node of record(pool)['nodes'] as readonly string[]) names.add(node);
  }
  for (const [file, objects] of parsed) {
    for (const object of file === OBJECTS_FILE ? objects : [])
      names.add(String(record(record(object)['metadata'])['name']));
  }
  const longer = (text: string): string => (names.has(text) ? `${text}-${'x'.repeat(40)}` : text);
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return longer(value);
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [longer(key), rename(inner)]));
  };
  return Object.fromEntries(
    parsed.map(([file, value]) => [
      file === OBJECTS_FILE ? file : file.replace(/[^/]+(?=\.yaml$)/, longer),
      written(value.map(rename)),
    ]),
  );
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
