import type { GitOps, NodePlatform } from '../../model';
import { choiceOf, mapOf, textOf, type PlaceBelow } from './values';

/** OpenShift keeps this image for every release (the ImageStream `cli` of the namespace `openshift`); it has `kubectl` and a shell. */
const OPENSHIFT_CLI = 'image-registry.openshift-image-registry.svc:5000/openshift/cli:latest';
/** Elsewhere: with a shell, which `registry.k8s.io/kubectl` does not have. */
const KUBECTL = 'docker.io/alpine/kubectl:1.33.3';

const NAMESPACES = { argocd: 'argocd', flux: 'flux-system' } as const;

/** How the output gets into the cluster; undefined where the fleet says nothing of it, or `none`. */
export function toGitOps(value: unknown, platform: NodePlatform, at: PlaceBelow): GitOps | undefined {
  const gitops = mapOf(value);
  const tool = choiceOf(gitops['tool'], ['argocd', 'flux'] as const);
  if (tool === undefined) return undefined;
  const isOpenShift = platform === 'openshift';
  const destination = textOf(gitops['destination']) ?? 'https://kubernetes.default.svc';
  const isAddress = destination.startsWith('https://');
  return {
    tool,
    repoURL: textOf(gitops['repoURL']) ?? '',
    revision: textOf(gitops['revision']) ?? 'main',
    path: textOf(gitops['path']) ?? 'dist',
    namespace:
      textOf(gitops['namespace']) ?? (tool === 'argocd' && isOpenShift ? 'openshift-gitops' : NAMESPACES[tool]),
    project: textOf(gitops['project']) ?? 'default',
    destination: isAddress ? { server: destination } : { name: destination },
    reboots: choiceOf(gitops['reboots'], ['automatic'] as const) ?? 'manual',
    kubectlImage: textOf(gitops['kubectlImage']) ?? (isOpenShift ? OPENSHIFT_CLI : KUBECTL),
    place: at(),
  };
}
