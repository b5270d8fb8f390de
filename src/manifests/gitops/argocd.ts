/*
 * Argo CD: an Application per stage, and one that holds them. A stage's gate is a PreSync hook of its Application, so it waits whoever
 * starts the sync and in whatever order. Facts: node-prep.md part 6.1.
 */
import type { Fleet, GitOps, JsonObject } from '../../model';
import type { Pointer } from '../../source';
import { commentText } from '../comment';
import type { Manifest, PlainFile } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { HEALTH_CHECK_PURPOSE } from './apply-note';
import { fleetName } from './job';
import type { FilledStage, Stage } from './stages';
import { folderFile } from './folder-file';

const API = 'argoproj.io/v1alpha1';

/** What Argo CD writes. */
export interface ArgoCdInput {
  readonly fleet: Fleet;
  readonly gitops: GitOps;
  readonly stages: readonly FilledStage[];
  /** Stages that have a gate before them. */
  readonly gated: ReadonlySet<Stage>;
  /** The stage that also labels Nodes, where any are labelled. */
  readonly labelStage: Stage | undefined;
  readonly hasAccess: boolean;
}

/**
 * What a controller writes back, so that it is no difference. With `RespectIgnoreDifferences` it is not applied either, so nothing stands
 * here that a fleet states: a VM's `runStrategy` is what Git says, and who starts and stops one by hand says `Manual`.
 */
const WRITTEN_BACK: Readonly<Partial<Record<Stage, readonly JsonObject[]>>> = {
  'node-prep': [
    {
      group: 'machineconfiguration.openshift.io',
      kind: 'MachineConfigPool',
      // the render controller's, and a switch that people use while they work on nodes
      jsonPointers: ['/spec/configuration', '/spec/paused'],
    },
  ],
};

/** The Applications, and the folders that they take. */
export function argoCd({ fleet, gitops, stages, gated, labelStage, hasAccess }: ArgoCdInput): {
  manifests: Manifest[];
  files: PlainFile[];
} {
  const application = (
    folder: readonly string[],
    name: string,
    path: string,
    spec: JsonObject,
    wave: number | undefined,
    comments: readonly (readonly [Pointer, string])[],
  ): Manifest => ({
    key: `gitops/argocd/${name}`,
    path: outputPath(...folder, objectFile('Application', name)),
    content: {
      apiVersion: API,
      kind: 'Application',
      metadata: {
        name,
        namespace: gitops.namespace,
        ...(wave === undefined ? {} : { annotations: { 'argocd.argoproj.io/sync-wave': String(wave) } }),
      },
      spec: {
        project: gitops.project,
        destination: { ...gitops.destination },
        source: { repoURL: gitops.repoURL, targetRevision: gitops.revision, path: `${gitops.path}/${path}` },
        ...spec,
      },
    },
    comments: new Map(comments.map(([pointer, text]) => [pointer, commentText(text)])),
    modelPath: 'cluster.gitops',
    trace: () => gitops.place,
  });
  const children = stages.map(({ stage }, i) => {
    const isManual = stage === 'node-prep' && gitops.reboots === 'manual';
    const ignored = WRITTEN_BACK[stage];
    return application(
      ['gitops', 'argocd', 'stages'],
      fleetName(fleet, stage),
      `gitops/argocd/steps/${stage}`,
      {
        ...(ignored === undefined ? {} : { ignoreDifferences: [...ignored] }),
        syncPolicy: {
          ...(isManual ? {} : { automated: { prune: stage === 'device-plugins', selfHeal: true } }),
          syncOptions: [
            ...(ignored === undefined ? [] : ['RespectIgnoreDifferences=true']),
            'SkipDryRunOnMissingResource=true',
          ],
          // a gate that ran out of time is run again
          retry: {
            limit: -1,
            // and a newer commit counts then: what the old one waits for may never come
            refresh: true,
            backoff: { duration: '1m', factor: 2, maxDuration: '30m' },
          },
        },
      },
      i + 1,
      isManual
        ? [
            [
              '/spec/syncPolicy',
              'No automated sync: what reboots nodes waits for a person. argocd app sync, or the button.',
            ],
          ]
        : [],
    );
  });
  // on OpenShift the controller may not hand out rights that it does not have: those are applied by hand
  if (hasAccess && fleet.cluster.nodePlatform !== 'openshift') {
    const syncPolicy = { automated: { prune: false, selfHeal: true } };
    children.unshift(
      application(['gitops', 'argocd', 'stages'], fleetName(fleet, 'access'), 'gitops/access', { syncPolicy }, 0, []),
    );
  }
  const root = application(
    ['gitops', 'argocd'],
    fleetName(fleet, 'fleet'),
    'gitops/argocd/stages',
    // a stage that is gone takes its Application with it, and none of its objects: they have no finalizer
    { syncPolicy: { automated: { prune: true, selfHeal: true } } },
    undefined,
    [['', 'The one to apply by hand, once: kubectl apply -f on this file. It holds the others.']],
  );
  const files = stages.map(({ stage }) =>
    folderFile(
      ['gitops', 'argocd', 'steps', stage],
      [
        `../../../../${stage}`,
        ...(gated.has(stage) ? [`../../../gates/${stage}`] : []),
        ...(stage === labelStage ? ['../../../node-labels'] : []),
      ],
    ),
  );
  return { manifests: [...children, root], files: [...files, healthCheck(fleet, gitops)] };
}

/**
 * Argo CD took its health check of Applications out.
 *
 * @see https://argo-cd.readthedocs.io/en/release-3.6/operator-manual/health/#argocd-app
 */
function healthCheck({ cluster }: Fleet, gitops: GitOps): PlainFile {
  const lua = [
    'hs = {}',
    'hs.status = "Progressing"',
    'hs.message = ""',
    'if obj.status ~= nil and obj.status.health ~= nil then',
    '  hs.status = obj.status.health.status',
    '  if obj.status.health.message ~= nil then hs.message = obj.status.health.message end',
    '  local sync = obj.status.sync',
    '  if hs.status == "Healthy" and sync ~= nil and sync.status ~= "Synced" then',
    '    hs.status = "Progressing"',
    '    hs.message = "not yet synchronised"',
    '  end',
    'end',
    'return hs',
  ];
  const isOpenShift = cluster.nodePlatform === 'openshift';
  const indented = (pad: string): string => lua.map((line) => `${pad}${line}\n`).join('');
  const head = `# Health of Applications, which Argo CD no longer has by itself. ${HEALTH_CHECK_PURPOSE}\n`;
  const text = isOpenShift
    ? `${head}# A list that is replaced whole: add the entries that are there already, then
#   oc patch argocd ${gitops.namespace} --namespace ${gitops.namespace} --type merge --patch-file application-health.yaml
spec:
  resourceHealthChecks:
    - group: argoproj.io
      kind: Application
      check: |
${indented('        ')}`
    : `${head}#   kubectl patch configmap argocd-cm --namespace ${gitops.namespace} --type merge --patch-file application-health.yaml
data:
  resource.customizations.health.argoproj.io_Application: |
${indented('    ')}`;
  return { path: 'gitops/apply-by-hand/application-health.yaml', text, modelPath: 'cluster.gitops' };
}
