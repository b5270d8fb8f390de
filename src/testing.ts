/*
 * What a fleet's own tests need, for any test runner: what would be written, and what was found.
 */
import { compileFleet, renderOutputs, SourceSet, type Compilation, type FleetOutputs } from './compile';
import type { Fleet } from './constructs';
import { today, workingFolder } from './constructs/environment';
import { InvalidFleetError } from './constructs/invalid-fleet-error';
import { hasSeverity } from './diagnostics';
import type { Severity } from './diagnostics';
import { diskAccess, displayPath } from './files';
import { loadFleet } from './load';
import type { ManifestSet } from './manifests';
import type { JsonObject } from './model';
import { renderText } from './report';

/** One finding, small enough to compare whole. */
export interface FindingSummary {
  readonly code: string;
  /** `area/bad-thing`. */
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
}

/** A fleet in a YAML file, compiled; see {@link fleetFile}. */
export interface FleetFile {
  /** The file as it was named. */
  readonly path: string;
  /** @internal */
  readonly _valid: () => Pick<ReturnType<Fleet['_valid']>, 'manifests'>;
  /** @internal */
  readonly _outputs: () => FleetOutputs;
  /** @internal */
  readonly _compile: () => { readonly compilation: Pick<Compilation, 'report'> };
}

/**
 * Compiles a fleet that is declared in YAML, so that its tests read like those of constructs.
 *
 * @param path - the fleet's file, absolute or relative to the working folder
 * @throws Error when there is no such file.
 * @example expect(findingsOf(fleetFile('fleet.yaml'))).toEqual([]);
 */
export function fleetFile(path: string): FleetFile {
  const shown = displayPath(path, workingFolder());
  const files = diskAccess();
  if (files.readText(shown) === undefined) throw new Error(`cannot read ${shown}`);
  const loaded = loadFleet(files, shown);
  const sources = new SourceSet(loaded.sources, files);
  const compilation = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
    suppressions: { sources, today: today() },
  });
  const valid = (): { readonly name: string; readonly manifests: ManifestSet } => {
    const { report, manifests, fleet } = compilation;
    if (hasSeverity(report, 'error') || manifests === undefined || fleet === undefined) {
      throw new InvalidFleetError(
        report,
        renderText(report, (file) => sources.get(file)),
      );
    }
    return { name: fleet.name, manifests };
  };
  return {
    path,
    _valid: valid,
    _outputs: () => {
      const { name, manifests } = valid();
      return renderOutputs(name, manifests, { rendered: compilation.rendered, analysis: compilation.analysis });
    },
    _compile: () => ({ compilation }),
  };
}

/**
 * The objects of a fleet by the path that they are written to.
 *
 * @throws InvalidFleetError when the fleet has findings at error level.
 * @example expect(manifestsOf(fleet)['kubevirt/kubevirt.kubevirt.yaml']).toMatchSnapshot();
 */
export function manifestsOf(fleet: Fleet | FleetFile): Record<string, JsonObject> {
  const { manifests } = fleet._valid();
  return Object.fromEntries(manifests.manifests.map(({ path, content }) => [path, content]));
}

/**
 * The files of a fleet as text, by path: what `hostdev synth` writes, without the index.
 *
 * @throws InvalidFleetError when the fleet has findings at error level.
 */
export function textsOf(fleet: Fleet | FleetFile): Record<string, string> {
  return Object.fromEntries([...fleet._outputs().files].map(([path, { text }]) => [path, text]));
}

/**
 * Everything that was found, in the order of the report; does not throw for a fleet with errors.
 *
 * @example expect(findingsOf(fleet).filter(({ severity }) => severity !== 'info')).toEqual([]);
 */
export function findingsOf(fleet: Fleet | FleetFile): FindingSummary[] {
  return fleet
    ._compile()
    .compilation.report.diagnostics.map(({ code, slug, severity, message }) => ({ code, slug, severity, message }));
}
