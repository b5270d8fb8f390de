import type { Analysis, PreparationUnit } from '../../analysis';
import type { GitOps } from '../../model';
import type { Manifest } from '../manifest';
import { HOSTNAME_LABEL } from '../node-labels';
import { jobAccounts } from './access';
import { fleetName, jobOf } from './job';
import { LABEL_PROGRAM } from './programs.generated';

/** One Node and the labels that it must have. */
export interface LabelledNode {
  readonly node: string;
  /** `node-role.kubernetes.io/storage=` */
  readonly labels: readonly string[];
}

/** What can stand in a label; anything else was refused before. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/-]*=[A-Za-z0-9._-]*$/;

/** The labels by which MachineConfigPools and the fleet's own pools select the declared Nodes, where there are any. */
export function labelledNodes({ nodes, units }: Analysis): LabelledNode[] {
  const custom = units.filter(({ isCustom }) => isCustom);
  const roles = new Map<string, string[]>();
  for (const unit of custom)
    for (const { name } of unit.nodes) roles.set(name, [...(roles.get(name) ?? []), `${roleLabel(unit)}=`]);
  // one that is in no pool of the fleet is left as it is: its labels go when somebody takes them
  const labelled = nodes.flatMap(({ name: node, pools }): LabelledNode[] => {
    if (pools.length === 0) return [];
    const declared = pools.flatMap(({ nodeSelector = {} }) =>
      Object.entries(nodeSelector)
        // kubelet's own
        .filter(([key]) => key !== HOSTNAME_LABEL)
        .map(([key, value]) => `${key}=${value}`),
    );
    const labels = [...new Set([...(roles.get(node) ?? []), ...declared])].filter((label) => LABEL.test(label));
    return [{ node, labels }];
  });
  // where there are custom pools a Node of none must have left them all
  return custom.length > 0 ? labelled : labelled.filter(({ labels }) => labels.length > 0);
}

/**
 * The labels of the fleet's custom MachineConfigPools: a Node that two of them select is no longer updated, so it has none but its own.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/release-4.20/pkg/helpers/helpers.go
 */
function poolLabels({ units }: Analysis): string[] {
  return units
    .filter(({ isCustom }) => isCustom)
    .map(roleLabel)
    .filter((key) => LABEL.test(`${key}=`));
}

function roleLabel({ name }: PreparationUnit): string {
  return `node-role.kubernetes.io/${name}`;
}

/** The Job that puts them there. */
export function labelJob(analysis: Analysis, gitops: GitOps, labelled: readonly LabelledNode[]): Manifest[] {
  if (labelled.length === 0) return [];
  const { fleet } = analysis;
  const isOpenShift = fleet.cluster.nodePlatform === 'openshift';
  const pools = poolLabels(analysis);
  return jobOf(fleet, gitops, {
    folder: ['gitops', 'node-labels'],
    name: 'label-nodes',
    serviceAccount: jobAccounts(fleet).labels,
    file: 'hostdev-label-nodes',
    text: LABEL_PROGRAM,
    lines: [
      `record hostdev/${fleetName(fleet, 'labels')}`,
      ...(pools.length === 0 ? [] : [['pools', ...pools].join(' ')]),
      ...labelled.map(({ node, labels }) => ['node', node, ...labels].join(' ')),
    ],
    comment: `Puts the labels on Nodes by which their pools select them, and takes away those of pools that they have left.${isOpenShift ? ' A Node that joins a pool reboots.' : ''}`,
    hook: 'Sync',
    deadlineSeconds: 3600,
  });
}
