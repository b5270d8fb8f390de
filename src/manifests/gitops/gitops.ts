/*
 * How the output gets into the cluster in the right order: what the user's tool reads, Jobs between the stages that wait until the
 * cluster is what the next one stands on, and the rights that they need.
 */
import type { Analysis } from '../../analysis';
import { compareNatural } from '../../model';
import type { Manifest, ManifestSet, PlainFile } from '../manifest';
import { accessObjects, jobAccounts } from './access';
import { alertRules } from './alert-rules';
import { applyNote } from './apply-note';
import { argoCd } from './argocd';
import { flux } from './flux';
import { expectationsBefore, withContentHash, type GateReads } from './gate-expectations';
import { jobOf } from './job';
import { labelJob, labelledNodes } from './label-job';
import { GATE_PROGRAM } from './programs.generated';
import { namespacesToManage, withManagedNamespace } from './managed-namespaces';
import { rolloutSeconds } from './rollout-time';
import { filledStages, type Stage } from './stages';

/**
 * The objects of a fleet with what brings them into the cluster; as they are where the fleet names no tool. `byHand` are the files that
 * no tool applies.
 */
export function withGitOps(
  analysis: Analysis,
  objects: readonly Manifest[],
  byHand: readonly PlainFile[],
): ManifestSet {
  const { fleet } = analysis;
  const { gitops } = fleet.cluster;
  if (gitops === undefined) return { manifests: objects, files: [] };
  const stages = filledStages(objects);
  const gates = stages.flatMap(({ stage }) => {
    const expected = expectationsBefore(stage, analysis, stage === 'node-prep' ? [] : objects);
    return expected.lines.length === 0 ? [] : [{ stage, ...expected }];
  });
  const gated: ReadonlySet<Stage> = new Set(gates.map(({ stage }) => stage));
  const labelled = stages.length === 0 ? [] : labelledNodes(analysis);
  const seconds = rolloutSeconds(analysis);
  const jobs = [
    ...gates.flatMap(({ stage, lines }) =>
      jobOf(fleet, gitops, {
        folder: ['gitops', 'gates', stage],
        name: `gate-${stage}`,
        serviceAccount: jobAccounts(fleet).gate,
        file: 'hostdev-gate',
        text: GATE_PROGRAM,
        lines,
        comment: `Waits until the cluster is what ${stage} stands on. It reads and changes nothing.`,
        hook: 'PreSync',
        deadlineSeconds: seconds,
      }),
    ),
    ...labelJob(analysis, gitops, labelled),
  ];
  const access = accessObjects(fleet, gitops, {
    reads: gates.length === 0 ? undefined : joinReads(gates.map(({ reads }) => reads)),
    labelled: labelled.map(({ node }) => node),
    manifests: objects,
  });
  const alerts = alertRules(analysis, gitops);
  const common = {
    fleet,
    gitops,
    stages,
    gated,
    labelStage: labelled.length === 0 ? undefined : stages[0]?.stage,
    hasAccess: access.length > 0,
  };
  const tool =
    gitops.tool === 'argocd'
      ? argoCd(common)
      : {
          manifests: flux({ ...common, rolloutSeconds: seconds }),
          files: [] as PlainFile[],
        };
  return {
    manifests: [
      ...objects.map((object) => withManagedNamespace(fleet, gitops, withContentHash(object))),
      ...access,
      ...jobs,
      ...tool.manifests,
      ...alerts,
    ],
    files: [
      ...tool.files,
      applyNote({
        ...common,
        byHand,
        hasAlerts: alerts.length > 0,
        namespacesToManage: namespacesToManage(fleet, gitops, objects),
      }),
    ],
  };
}

function joinReads(all: readonly GateReads[]): GateReads {
  const names = (of: (reads: GateReads) => readonly string[]): string[] =>
    [...new Set(all.flatMap(of))].sort(compareNatural);
  return {
    machineConfigs: names(({ machineConfigs }) => machineConfigs),
    kubeletConfigs: names(({ kubeletConfigs }) => kubeletConfigs),
    machineConfigPools: names(({ machineConfigPools }) => machineConfigPools),
    nodes: names(({ nodes }) => nodes),
  };
}
