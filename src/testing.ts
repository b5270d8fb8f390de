/*
 * What a fleet's own tests need, for any test runner: what would be written, and what was found.
 */
import type { Fleet } from './constructs';
import type { Severity } from './diagnostics';
import type { JsonObject } from './model';

/** One finding, small enough to compare whole. */
export interface FindingSummary {
  readonly code: string;
  /** `area/bad-thing`. */
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
}

/**
 * The objects of a fleet by the path that they are written to.
 *
 * @throws InvalidFleetError when the fleet has findings at error level.
 * @example expect(manifestsOf(fleet)['kubevirt/kubevirt.kubevirt.yaml']).toMatchSnapshot();
 */
export function manifestsOf(fleet: Fleet): Record<string, JsonObject> {
  const { manifests } = fleet._valid();
  return Object.fromEntries(manifests.manifests.map(({ path, content }) => [path, content]));
}

/**
 * The files of a fleet as text, by path: what `hostdev synth` writes, without the index.
 *
 * @throws InvalidFleetError when the fleet has findings at error level.
 */
export function textsOf(fleet: Fleet): Record<string, string> {
  return Object.fromEntries([...fleet._outputs().files].map(([path, { text }]) => [path, text]));
}

/**
 * Everything that was found, in the order of the report; does not throw for a fleet with errors.
 *
 * @example expect(findingsOf(fleet).filter(({ severity }) => severity !== 'info')).toEqual([]);
 */
export function findingsOf(fleet: Fleet): FindingSummary[] {
  return fleet
    ._compile()
    .compilation.report.diagnostics.map(({ code, slug, severity, message }) => ({ code, slug, severity, message }));
}
