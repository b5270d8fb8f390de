import { compileFleet, isSuppressible, SourceSet } from '../compile';
import { makeReport, type Problem, type Rule, type RuleExample } from '../diagnostics';
import { loadFleet, loadManifests } from '../load';
import { renderText, type RulePage } from '../report';
import type { FileAccess } from '../source';

/** A problem's page with the diagnostics that its bad examples draw: the examples are executed. */
export function rulePageOf(problem: Problem): RulePage {
  const suppressible = isSuppressible(problem);
  if (!isRule(problem)) return { ...problem, suppressible };
  const bad = problem.examples.bad.map((example) => ({ ...example, drawn: drawExample(problem, example) }));
  return { ...problem, suppressible, examples: { ...problem.examples, bad } };
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
