import type { Fleet, GitOps, JsonObject } from '../../model';
import { compareText, jsonAt } from '../../model';
import type { Manifest } from '../manifest';
import { objectName, withMetadata } from '../with-metadata';

/**
 * The label by which OpenShift GitOps gives its controller a namespace: without it the controller may make neither Jobs nor DaemonSets nor
 * service accounts there.
 *
 * @see https://docs.redhat.com/en/documentation/red_hat_openshift_gitops/1.19/html/argo_cd_instance/setting-up-argocd-instance
 */
const MANAGED_BY = 'argocd.argoproj.io/managed-by';

/** Whether Argo CD is the one that OpenShift GitOps installs, whose controller may do little by itself. */
export function isOpenShiftGitOps({ cluster }: Fleet, { tool }: GitOps): boolean {
  return tool === 'argocd' && cluster.nodePlatform === 'openshift';
}

/** The labels of a Namespace that the fleet's Argo CD writes into; none where it needs none. */
export function managedBy(fleet: Fleet, gitops: GitOps): JsonObject {
  return isOpenShiftGitOps(fleet, gitops) ? { [MANAGED_BY]: gitops.namespace } : {};
}

/** A Namespace that the tool writes into, as the tool needs it. */
export function withManagedNamespace(fleet: Fleet, gitops: GitOps, manifest: Manifest): Manifest {
  const labels = managedBy(fleet, gitops);
  if (manifest.content['kind'] !== 'Namespace' || Object.keys(labels).length === 0) return manifest;
  return withMetadata(manifest, 'labels', (present) => ({ ...labels, ...present }));
}

/** Namespaces of device plugins that are the user's: somebody has to give them to OpenShift GitOps by that label. */
export function namespacesToManage(fleet: Fleet, gitops: GitOps, manifests: readonly Manifest[]): string[] {
  if (!isOpenShiftGitOps(fleet, gitops)) return [];
  const plugins = manifests.filter(({ path }) => path.startsWith('device-plugins/'));
  const written = new Set(plugins.filter(({ content }) => content['kind'] === 'Namespace').map(objectName));
  const used = plugins.map(({ content }) => jsonAt(content, 'metadata', 'namespace'));
  return [...new Set(used)]
    .filter((name) => typeof name === 'string')
    .filter((name) => !written.has(name))
    .sort(compareText);
}
