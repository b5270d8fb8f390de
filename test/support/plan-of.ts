import { compileFleet, renderOutputs, SourceSet } from '../../src/compile';
import { loadFleet } from '../../src/load';
import { BASELINE_FOLDER, emptyBaseline, makePlan, readBaseline, type Baseline, type Plan } from '../../src/plan';
import { memoryFiles } from './fleet-of';

/** What a fleet compiles to: its files by path, and the baseline as it is read back from them. */
export interface Compiled {
  readonly files: ReadonlyMap<string, string>;
  readonly baseline: Baseline;
}

/** Compiles a fleet through the real compiler; throws with its findings where it has errors. */
export function compiledFrom(files: Readonly<Record<string, string>>): Compiled {
  const access = memoryFiles(files);
  const { fleet, problems, sources } = loadFleet(access, 'fleet.yaml');
  const set = new SourceSet(sources, access);
  const { manifests, analysis, report } = compileFleet({ fleet, problems, locate: (place) => set.locate(place) });
  if (fleet === undefined || manifests === undefined)
    throw new Error(
      report.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ code, message }) => `${code} ${message}`)
        .join('; '),
    );
  const outputs = new Map(
    [...renderOutputs(fleet.name, manifests, { analysis }).files].map(([path, { text }]) => [path, text]),
  );
  return { files: outputs, baseline: baselineIn(outputs) };
}

/** The baseline among the files of an output. */
export function baselineIn(outputs: ReadonlyMap<string, string>): Baseline {
  const prefix = `${BASELINE_FOLDER}/`;
  const read = readBaseline(
    new Map(
      [...outputs].flatMap(([path, text]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), text] as const] : [],
      ),
    ),
  );
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

/** The plan between two fleets; from nothing where there is no earlier one. */
export function planBetween(
  before: Readonly<Record<string, string>> | undefined,
  after: Readonly<Record<string, string>>,
): Plan {
  const later = compiledFrom(after).baseline;
  return makePlan(before === undefined ? emptyBaseline(later) : compiledFrom(before).baseline, later);
}
