import { compileFleet, renderOutputs, SourceSet } from '../../src/compile';
import { loadFleet } from '../../src/load';
import { memoryFiles } from './fleet-of';

/** What a fleet came out as: files, or the codes of what is wrong with it. */
export interface Outcome {
  /** Errors; empty where it compiled. */
  readonly refusedBy: readonly string[];
  /** Every finding that is no info. */
  readonly findings: readonly string[];
  /** Text by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** Compiles `fleet.yaml` with the files beside it, all the way to texts. */
export function outcomeOf(files: Readonly<Record<string, string>>): Outcome {
  const access = memoryFiles(files);
  const loaded = loadFleet(access, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  const locate = sources.locate.bind(sources);
  const { fleet, report, manifests } = compileFleet({ fleet: loaded.fleet, problems: loaded.problems, locate });
  const said = report.diagnostics.filter(({ severity }) => severity !== 'info');
  const findings = said.map(({ code, message }) => `${code} ${message}`);
  const codes = said.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const outputs =
    fleet === undefined || manifests === undefined ? new Map() : renderOutputs(fleet.name, manifests).files;
  return {
    refusedBy: [...new Set(codes)].sort(),
    findings,
    files: new Map([...outputs].map(([path, { text }]) => [path, text])),
  };
}
