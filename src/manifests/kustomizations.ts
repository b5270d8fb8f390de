import { compareText } from '../model';
import { emitYaml } from '../yaml';
import type { Manifest, PlainFile } from './manifest';

/** Folders of what is applied one after the other. */
const NOT_AT_ONCE: ReadonlySet<string> = new Set(['gitops', 'gitops/gates', 'gitops/argocd']);

/**
 * A kustomization.yaml for every folder that holds objects or folders of them, so that `kubectl apply -k` takes any of
 * them. There is none at the top, nor of `gitops` and what waits in it: these are applied one after the other.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/
 */
export function kustomizations(manifests: readonly Manifest[]): PlainFile[] {
  const resourcesByFolder = new Map<string, Set<string>>();
  for (const { path } of manifests) {
    for (let at = path, end = at.lastIndexOf('/'); end > 0; end = at.lastIndexOf('/')) {
      const folder = at.slice(0, end);
      if (NOT_AT_ONCE.has(folder)) break;
      let resources = resourcesByFolder.get(folder);
      if (resources === undefined) resourcesByFolder.set(folder, (resources = new Set()));
      const resource = at.slice(end + 1);
      // what is above a folder that is listed already lists that folder
      if (resources.has(resource)) break;
      resources.add(resource);
      at = folder;
    }
  }
  return [...resourcesByFolder].map(([folder, resources]) => ({
    path: `${folder}/kustomization.yaml`,
    text: emitYaml(
      {
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        resources: [...resources].sort(compareText),
      },
      { isMarked: true },
    ),
    modelPath: '',
  }));
}
