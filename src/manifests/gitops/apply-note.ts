import type { Fleet, GitOps } from '../../model';
import { compareNatural } from '../../model';
import type { PlainFile } from '../manifest';
import { fleetName } from './job';
import type { FilledStage, Stage } from './stages';

/** What a health check of Applications is for, where there are gates; said wherever the check is named. */
export const HEALTH_CHECK_PURPOSE =
  'Gates keep the order of the stages, with this check or without it. With it the Application that holds the others is healthy only when every stage is synchronised and healthy, and makes the Application of a stage only after the one before it.';

/** What the note is about. */
export interface ApplyNoteInput {
  readonly fleet: Fleet;
  readonly gitops: GitOps;
  readonly stages: readonly FilledStage[];
  /** Stages that have a gate before them. */
  readonly gated: ReadonlySet<Stage>;
  readonly hasAccess: boolean;
  readonly hasAlerts: boolean;
  /** The files of the output that no tool applies. */
  readonly byHand: readonly PlainFile[];
  /** Namespaces that OpenShift GitOps is to be given. */
  readonly namespacesToManage: readonly string[];
}

/** How the folder is put to work, for this fleet: what is applied by hand, once, and how reboots are let through. */
export function applyNote(input: ApplyNoteInput): PlainFile {
  const { fleet, gitops, hasAlerts } = input;
  const folder = `${gitops.path}/gitops`;
  const text = [
    `# How ${fleet.name} gets into the cluster`,
    '',
    'Once, by hand:',
    '',
    ...(gitops.tool === 'argocd' ? argoCdSteps(input, folder) : fluxSteps(input, folder)).map(
      (step, i) => `${i + 1}. ${step}`,
    ),
    '',
    ...nodesByHand(input),
    ...reboots(input),
    'What a gate waits for is the last line of its pod: `kubectl logs -n hostdev-gates -l app.kubernetes.io/part-of=hostdev --prefix`.',
    '',
    ...(hasAlerts
      ? [
          `Alerts for devices that are declared and missing: \`kubectl apply -k ${folder}/alerts\`, where Prometheus' operator is.`,
          '',
        ]
      : []),
  ].join('\n');
  return { path: 'gitops/apply-by-hand/README.md', text, modelPath: 'cluster.gitops' };
}

function argoCdSteps({ fleet, gitops, hasAccess, namespacesToManage }: ApplyNoteInput, folder: string): string[] {
  const isOpenShift = fleet.cluster.nodePlatform === 'openshift';
  return [
    ...(hasAccess && isOpenShift
      ? [
          `As a cluster administrator, what the controller and the gates may do: \`oc apply -k ${folder}/access\`. Argo CD cannot do this itself: nobody may hand out rights that they do not have. They name objects one by one: apply them again whenever the plan of a change says that they change.`,
        ]
      : []),
    ...namespacesToManage.map(
      (namespace) =>
        `The namespace of a device plugin, given to Argo CD: \`oc label namespace ${namespace} argocd.argoproj.io/managed-by=${gitops.namespace}\`.`,
    ),
    `The health check of Applications, which Argo CD no longer has by itself: the command stands in \`application-health.yaml\` beside this file. ${HEALTH_CHECK_PURPOSE}`,
    `The Application that holds the others: \`kubectl apply -f ${folder}/argocd/application.${fleetName(fleet, 'fleet')}.yaml\`.`,
  ];
}

function fluxSteps(input: ApplyNoteInput, folder: string): string[] {
  const sources = `\`${fleetName(input.fleet, 'fleet')}\`${waitsForPerson(input) ? ` and \`${fleetName(input.fleet, 'reboots')}\`` : ''}`;
  return [
    `A Secret for the repository where it needs one, named by \`secretRef\` in the GitRepository ${sources} (a patch in the repository that bootstraps Flux).`,
    `The sources and the chain: \`kubectl apply -k ${folder}/flux\`, or point the Kustomization that bootstraps Flux there.`,
  ];
}

/** The folders that change nodes below Kubernetes. */
function nodesByHand({ gitops, gated, byHand }: ApplyNoteInput): string[] {
  const notes = byHand
    .map(({ path }) => path)
    .filter((path) => path.endsWith('/apply-by-hand/README.txt'))
    .sort(compareNatural);
  if (notes.length === 0) return [];
  return [
    'Nodes are prepared below Kubernetes, where no tool reaches. Each of these notes says how, and is followed again whenever its folder changes; the plan of the change says in which order with the merge:',
    '',
    ...notes.map((path) => `- \`${gitops.path}/${path}\``),
    '',
    ...(gated.has('virtual-machines')
      ? ['VMs wait at their gate until every Node offers what the fleet predicts.', '']
      : []),
  ];
}

function reboots(input: ApplyNoteInput): string[] {
  const { fleet, gitops, stages } = input;
  if (!stages.some(({ stage }) => stage === 'node-prep')) return [];
  const name = (suffix: string): string => fleetName(fleet, suffix);
  const behind = 'The stages behind it wait at their gates until the nodes are ready.';
  if (!waitsForPerson(input)) return ['Reboots are automatic: whatever is merged is rolled out.', ''];
  return gitops.tool === 'argocd'
    ? [`Reboots wait for a person: \`argocd app sync ${name('node-prep')}\`. ${behind}`, '']
    : [
        `Reboots wait for a person: \`flux resume source git ${name('reboots')}\`, and \`flux suspend source git ${name('reboots')}\` once it has the commit. ${behind} A suspended source is not fetched again where source-controller lost what it had (its pod moved, and its storage is an emptyDir): then nothing behind moves until it is resumed once more.`,
        '',
      ];
}

function waitsForPerson({ gitops, stages }: ApplyNoteInput): boolean {
  return gitops.reboots === 'manual' && stages.some(({ stage }) => stage === 'node-prep');
}
