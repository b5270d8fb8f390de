/*
 * Flux: a Kustomization per stage and one per gate, chained by dependsOn. What reboots nodes has a GitRepository of its own, which is
 * suspended: resuming it once takes the newest commit. Suspending the Kustomization instead would hold up all that depend on it,
 * since of one source all must be at one revision. Facts: node-prep.md part 6.2.
 *
 * @see https://github.com/fluxcd/kustomize-controller/blob/v1.6.0/internal/controller/kustomization_controller.go
 */
import type { Fleet, GitOps, JsonObject } from '../../model';
import type { Pointer } from '../../source';
import { commentText } from '../comment';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { fleetName } from './job';
import type { FilledStage, Stage } from './stages';

/** What Flux writes. */
export interface FluxInput {
  readonly fleet: Fleet;
  readonly gitops: GitOps;
  readonly stages: readonly FilledStage[];
  /** Stages that have a gate before them. */
  readonly gated: ReadonlySet<Stage>;
  /** The stage after which Nodes are labelled, where any are: what prepares them, or else before the first one. */
  readonly labelStage: Stage | undefined;
  readonly hasAccess: boolean;
  /** How long the slowest pool may take. */
  readonly rolloutSeconds: number;
}

/** One Kustomization of the chain. */
interface Link {
  readonly name: string;
  readonly path: string;
  readonly source: string;
  readonly dependsOn: readonly string[];
  /** What is dropped from Git is removed from the cluster. */
  readonly prunes: boolean;
  /** Ready when everything in it is, a Job when it has succeeded. */
  readonly waits: boolean;
  readonly timeoutSeconds: number;
}

/** The sources and the chain. */
export function flux(input: FluxInput): Manifest[] {
  const { fleet, gitops, stages, gated } = input;
  const source = fleetName(fleet, 'fleet');
  const isManual = gitops.reboots === 'manual' && stages.some(({ stage }) => stage === 'node-prep');
  const reboots = isManual ? fleetName(fleet, 'reboots') : source;
  const links: Link[] = [];
  let before: string[] = [];
  const add = (name: string, path: string, rest: Partial<Link> = {}): void => {
    const link = {
      name: fleetName(fleet, name),
      path,
      source,
      dependsOn: before,
      prunes: false,
      waits: false,
      timeoutSeconds: 300,
      ...rest,
    };
    links.push(link);
    before = [link.name];
  };
  const addLabels = (from: string): void => {
    add('node-labels', 'gitops/node-labels', { source: from, prunes: true, waits: true });
  };
  if (input.hasAccess) add('access', 'gitops/access');
  if (input.labelStage !== undefined && input.labelStage !== 'node-prep') addLabels(source);
  for (const { stage } of stages) {
    if (gated.has(stage)) {
      add(`gate-${stage}`, `gitops/gates/${stage}`, {
        prunes: true,
        waits: true,
        timeoutSeconds: input.rolloutSeconds,
      });
    }
    if (stage === 'node-prep') {
      add(stage, stage, { source: reboots });
      if (input.labelStage === stage) addLabels(reboots);
    } else add(stage, stage, { prunes: stage === 'device-plugins' });
  }
  const make = (
    content: JsonObject & { readonly kind: string },
    name: string,
    comments: readonly (readonly [Pointer, string])[],
  ): Manifest => ({
    key: `gitops/flux/${content.kind}/${name}`,
    path: outputPath('gitops', 'flux', objectFile(content.kind, name)),
    content,
    comments: new Map(comments.map(([pointer, text]) => [pointer, commentText(text)])),
    modelPath: 'cluster.gitops',
    trace: () => gitops.place,
  });
  const repository = (name: string, isSuspended: boolean): Manifest =>
    make(
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name, namespace: gitops.namespace },
        spec: {
          interval: '1m',
          url: gitops.repoURL,
          ref: refOf(gitops.revision),
          ...(isSuspended ? { suspend: true } : {}),
        },
      },
      name,
      isSuspended
        ? [
            [
              '/spec/suspend',
              `What reboots nodes waits for a person: flux resume source git ${name}, then suspend it again.`,
            ],
          ]
        : [],
    );
  return [
    repository(source, false),
    ...(isManual ? [repository(reboots, true)] : []),
    ...links.map((link) =>
      make(
        {
          apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
          kind: 'Kustomization',
          metadata: { name: link.name, namespace: gitops.namespace },
          spec: {
            interval: '10m',
            retryInterval: '2m',
            timeout: `${link.timeoutSeconds}s`,
            sourceRef: { kind: 'GitRepository', name: link.source },
            path: `./${gitops.path}/${link.path}`,
            prune: link.prunes,
            ...(link.waits ? { wait: true } : {}),
            // removing this object removes nothing of the cluster
            deletionPolicy: 'Orphan',
            ...(link.dependsOn.length === 0 ? {} : { dependsOn: link.dependsOn.map((name) => ({ name })) }),
          },
        },
        link.name,
        [
          [
            '/spec/prune',
            link.prunes
              ? 'nothing in it outlives its line in Git'
              : 'what leaves Git stays until somebody removes it: its removal reboots nodes, uninstalls KubeVirt, or deletes VMs',
          ],
          ...(link.timeoutSeconds === input.rolloutSeconds
            ? ([['/spec/timeout', 'as long as the slowest pool may take']] as const)
            : []),
        ],
      ),
    ),
  ];
}

function refOf(revision: string): JsonObject {
  if (/^[0-9a-f]{40}$/.test(revision)) return { commit: revision };
  return revision.startsWith('refs/') ? { name: revision } : { branch: revision };
}
