import { compileFleet, isSuppressible, renderOutputs, SourceSet } from '../compile';
import {
  InternalError,
  makeReport,
  type HazardExample,
  type Problem,
  type Rule,
  type RuleExample,
} from '../diagnostics';
import { loadFleet, loadManifests } from '../load';
import {
  BASELINE_FOLDER,
  emptyBaseline,
  HAZARDS,
  makePlan,
  readBaseline,
  type Baseline,
  type PlanHazard,
} from '../plan';
import { hazardPage, renderHazards, renderText, type RulePage } from '../report';
import type { FileAccess } from '../source';

/** A problem's page with the diagnostics that its bad examples draw: the examples are executed. */
export function rulePageOf(problem: Problem): RulePage {
  const hazard = HAZARDS.find(({ code }) => code === problem.code);
  if (hazard !== undefined) return hazardPage(hazard, (example) => drawHazard(hazard, example));
  const suppressible = isSuppressible(problem);
  if (!isRule(problem)) return { ...problem, suppressible };
  const bad = problem.examples.bad.map((example) => ({ ...example, drawn: drawExample(problem, example) }));
  return { ...problem, suppressible, examples: { ...problem.examples, bad } };
}

/** The hazard as the plan of an example says it. */
function drawHazard({ name }: PlanHazard, { before, after, files = {}, afterFiles = files }: HazardExample): string {
  const later = baselineOf(after, afterFiles);
  if (later === undefined) throw new InternalError(`an example of ${name} has errors`);
  const earlier = before === undefined ? emptyBaseline(later) : (baselineOf(before, files) ?? emptyBaseline(later));
  const plan = makePlan(earlier, later);
  const shown = {
    plan: { ...plan, hazards: plan.hazards.filter((one) => one.name === name) },
    from: 'main',
    to: 'fleet.yaml',
  };
  return renderHazards({ ...shown, allowed: new Set() });
}

function baselineOf(yaml: string, others: Readonly<Record<string, string>>): Baseline | undefined {
  const files = exampleFiles({ name: '', yaml, files: others });
  const loaded = loadFleet(files, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, files);
  const { fleet, manifests, analysis } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
  });
  if (fleet === undefined || manifests === undefined) return undefined;
  const prefix = `${BASELINE_FOLDER}/`;
  const texts = [...renderOutputs(fleet.name, manifests, { analysis }).files].flatMap(([path, { text }]) =>
    path.startsWith(prefix) ? [[path.slice(prefix.length), text] as const] : [],
  );
  const read = readBaseline(new Map(texts));
  return read.ok ? read.value : undefined;
}

function isRule(problem: Problem): problem is Rule<unknown> {
  return 'examples' in problem;
}

function drawExample({ code }: Problem, example: RuleExample): string {
  const files = exampleFiles(example);
  const loaded =
    example.reads === 'manifests'
      ? loadManifests(files, '.', { inventory: files.listFolder('inventory') === undefined ? undefined : 'inventory' })
      : loadFleet(files, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, files);
  const { report } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
  });
  const drawn = renderText(makeReport(report.diagnostics.filter((diagnostic) => diagnostic.code === code)), (file) =>
    sources.get(file),
  );
  // the closing line counts findings of a whole run
  return drawn.replace(/\n\n[^\n]*\n$/, '\n');
}

function exampleFiles({ yaml, files = {}, reads = 'fleet' }: RuleExample): FileAccess {
  const main = reads === 'manifests' ? 'objects.yaml' : 'fleet.yaml';
  const texts = new Map(
    Object.entries({ [main]: yaml, ...files }).map(([path, text]) => [
      path,
      text.replace(/[«»]/g, '').replace(/^\n+/, ''),
    ]),
  );
  return {
    readText: (path) => texts.get(path),
    listFolder: (folder) => {
      const prefix = folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`;
      const names = [...texts.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length).split('/')[0] ?? '');
      return names.length === 0 ? undefined : [...new Set(names)].sort();
    },
  };
}
