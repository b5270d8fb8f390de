import type { JsonObject } from '../model';

/**
 * Annotations that keep Argo CD and Flux from removing an object whose removal reboots nodes or uninstalls KubeVirt.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.6/user-guide/sync-options/
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */
export const KEPT_WHEN_DROPPED: JsonObject = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

/**
 * The same for an object of which only a part is ours: the rest belongs to someone else and is merged with, not replaced.
 *
 * Argo CD owns an object whole, however little of it is in Git, so a dropped patch would delete the object
 * (node-prep.md fact 136).
 */
export const PARTLY_OURS: JsonObject = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
  'kustomize.toolkit.fluxcd.io/ssa': 'Merge',
};
