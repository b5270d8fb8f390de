import type { Place } from '../source';

/** Where Argo CD deploys to, as its Applications spell it: an API server's address, or the name under which Argo CD knows a cluster. */
export type GitOpsDestination = { readonly server: string } | { readonly name: string };

/** How the output gets from Git into the cluster. */
export interface GitOps {
  readonly tool: 'argocd' | 'flux';
  /** The repository as the tool fetches it: `https://git.example.com/platform/fleet.git`. */
  readonly repoURL: string;
  /** A branch, a tag, or a commit: `main`. */
  readonly revision: string;
  /** The output folder inside the repository: `dist`. */
  readonly path: string;
  /** Where the tool's own objects live. */
  readonly namespace: string;
  /** Argo CD's project. */
  readonly project: string;
  readonly destination: GitOpsDestination;
  /** Whether what reboots nodes waits for a person. */
  readonly reboots: 'manual' | 'automatic';
  /** An image with a shell and `kubectl`, for the Jobs that wait. */
  readonly kubectlImage: string;
  readonly place: Place;
}
