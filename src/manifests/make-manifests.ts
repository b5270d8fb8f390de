import type { Analysis } from '../analysis';
import { NEWEST_RELEASE, parseKubeVirtVersion, type KubeVirtRelease } from '../kubevirt';
import { compareText, type Fleet } from '../model';
import { imagePlugins } from './device-plugins/image-plugin';
import { nvidiaPlugin } from './device-plugins/nvidia-plugin';
import { pluginObjects } from './device-plugins/plugin-objects';
import { vendorPlugins } from './device-plugins/vendor-plugin';
import { withGitOps } from './gitops/gitops';
import { configurationPatch } from './kubevirt/configuration-patch';
import { kustomizations } from './kustomizations';
import type { Manifest, ManifestSet } from './manifest';
import { prepareNodes } from './node-preparation';
import { resourceClaims } from './virtual-machines/resource-claim';
import { machineParts, virtualMachine } from './virtual-machines/virtual-machine';

/**
 * Everything that an analysed fleet compiles to. Total: a fleet with mistakes has manifests too, and none of its names can
 * leave its place in them; whether they may be written is for the rules to say.
 */
export function makeManifests(analysis: Analysis): ManifestSet {
  const parts = machineParts(analysis, releaseFor(analysis.fleet));
  const nodes = prepareNodes(analysis);
  const nvidia = nvidiaPlugin(analysis);
  const set = withGitOps(
    analysis,
    withOwnPaths([
      ...nodes.manifests,
      ...configurationPatch(analysis),
      ...pluginObjects(analysis, [...(nvidia === undefined ? [] : [nvidia]), ...imagePlugins(analysis)]),
      ...vendorPlugins(analysis),
      ...analysis.machines
        .filter(({ machine }) => machine.foreign === undefined)
        .flatMap((machine) => [virtualMachine(machine, parts), ...resourceClaims(analysis, machine)]),
    ]),
    nodes.files,
  );
  const manifests = [...set.manifests];
  const files = [...kustomizations(manifests), ...nodes.files, ...set.files];
  return {
    manifests: manifests.sort((a, b) => compareText(a.path, b.path)),
    files: files.sort((a, b) => compareText(a.path, b.path)),
  };
}

function releaseFor({ cluster }: Fleet): KubeVirtRelease {
  const version = parseKubeVirtVersion(cluster.kubevirt.version);
  return version.ok ? version.value.release : NEWEST_RELEASE;
}

/** Objects of one kind and name in two namespaces of one folder get numbered files. */
function withOwnPaths(manifests: readonly Manifest[]): Manifest[] {
  const taken = new Set<string>();
  return manifests.map((manifest) => {
    let { path } = manifest;
    for (let number = 2; taken.has(path.toLowerCase()); number++)
      path = manifest.path.replace(/\.yaml$/, `.${number}.yaml`);
    taken.add(path.toLowerCase());
    if (path === manifest.path) return manifest;
    const { key, content, comments, machine, modelPath } = manifest;
    return { key, path, content, comments, machine, modelPath, trace: (pointer) => manifest.trace(pointer) };
  });
}
