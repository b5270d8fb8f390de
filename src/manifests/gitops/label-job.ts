import type { Analysis, PreparationUnit } from '../../analysis';
import type { GitOps } from '../../model';
import type { Manifest } from '../manifest';
import { HOSTNAME_LABEL } from '../node-labels';
import { jobAccounts } from './access';
import { fleetName, jobOf } from './job';
import { LABEL_PROGRAM } from './programs.generated';

/** One Node, the labels that it must have, and those that it must not have. */
export interface LabelledNode {
  readonly node: string;
  /** `node-role.kubernetes.io/storage=` */
  readonly labels: readonly string[];
  /** The keys by which other pools of the fleet would select it too: `node-role.kubernetes.io/gpu`. */
  readonly others: readonly string[];
}

/** What can stand in a label; anything else was refused before. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/-]*=[A-Za-z0-9._-]*$/;

/**
 * The labels by which MachineConfigPools and the fleet's own pools select the declared Nodes. A Node that two custom
 * MachineConfigPools select is no longer updated, so those of the fleet's other custom pools must not be on it.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/release-4.20/pkg/helpers/helpers.go
 */
export function labelledNodes({ nodes, units }: Analysis): LabelledNode[] {
  const custom = units.filter(({ isCustom }) => isCustom);
  return nodes.flatMap(({ name: node, pools }) => {
    // one that is in no pool of the fleet is left as it is: its labels go when somebody takes them
    if (pools.length === 0) return [];
    const isMember = (unit: PreparationUnit): boolean => unit.nodes.some(({ name }) => name === node);
    const declared = pools.flatMap(({ nodeSelector = {} }) =>
      Object.entries(nodeSelector)
        // kubelet's own
        .filter(([key]) => key !== HOSTNAME_LABEL)
        .map(([key, value]) => `${key}=${value}`),
    );
    const labels = [...new Set([...custom.filter(isMember).map((unit) => `${roleLabel(unit)}=`), ...declared])].filter(
      (label) => LABEL.test(label),
    );
    const keys = new Set(labels.map((label) => label.slice(0, label.indexOf('='))));
    const others = custom.filter((unit) => !isMember(unit)).map(roleLabel);
    const foreign = others.filter((key) => LABEL.test(`${key}=`) && !keys.has(key));
    return labels.length + foreign.length === 0 ? [] : [{ node, labels, others: foreign }];
  });
}

function roleLabel({ name }: PreparationUnit): string {
  return `node-role.kubernetes.io/${name}`;
}

/** The Job that puts them there. */
export function labelJob(analysis: Analysis, gitops: GitOps, labelled: readonly LabelledNode[]): Manifest[] {
  if (labelled.length === 0) return [];
  const { fleet } = analysis;
  const isOpenShift = fleet.cluster.nodePlatform === 'openshift';
  return jobOf(fleet, gitops, {
    folder: ['gitops', 'node-labels'],
    name: 'label-nodes',
    serviceAccount: jobAccounts(fleet).labels,
    file: 'hostdev-label-nodes',
    text: LABEL_PROGRAM,
    lines: [
      `record hostdev/${fleetName(fleet, 'labels')}`,
      ...labelled.map(({ node, labels, others }) =>
        ['node', node, ...labels, ...others.map((key) => `${key}-`)].join(' '),
      ),
    ],
    comment: `Puts the labels on Nodes by which their pools select them, and takes away those of pools that they have left.${isOpenShift ? ' A Node that joins a pool reboots.' : ''}`,
    hook: 'Sync',
    deadlineSeconds: 3600,
  });
}
