import { compileFleet, SourceSet } from '../compile';
import { displayPath } from '../files';
import { parseKubeVirtVersion } from '../kubevirt';
import { loadManifests } from '../load';
import { collect, shownFiles, type CompiledFleets } from './fleet-input';
import { UsageError } from './usage-error';
import type { World } from './world';

/** A folder of objects that no fleet wrote, and what is said besides. */
export interface ManifestsInput {
  readonly folder: string;
  readonly inventory: string | undefined;
  /** KubeVirt's release, `1.6` or `v1.6.3`; undefined: as the KubeVirt object says. */
  readonly kubevirt: string | undefined;
}

/**
 * Judges such a folder.
 *
 * @throws UsageError when there is no such folder, or no such release.
 */
export function compileManifests(world: World, { folder, inventory, kubevirt }: ManifestsInput): CompiledFleets {
  const shown = displayPath(folder, world.cwd);
  const files = shownFiles(world);
  if (files.listFolder(shown) === undefined) throw new UsageError(`cannot read folder ${shown}`);
  const loaded = loadManifests(files, shown, {
    inventory: inventory === undefined ? undefined : displayPath(inventory, world.cwd),
    kubevirtVersion: kubevirt === undefined ? undefined : releaseOf(kubevirt),
  });
  const sources = new SourceSet(loaded.sources, files);
  const { fleet, report } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
    suppressions: { sources, today: world.today },
  });
  return collect(world, [{ fleet, report, outputs: undefined }], new Map(loaded.sources));
}

/** @throws UsageError when a text is no release of KubeVirt that hostdev knows. */
export function releaseOf(text: string): string {
  const version = parseKubeVirtVersion(text.replace(/^v/, ''));
  if (!version.ok) throw new UsageError(`--kubevirt ${JSON.stringify(text)}: ${version.reason}`);
  return version.value.text;
}
