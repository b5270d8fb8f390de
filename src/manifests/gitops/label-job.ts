import type { Analysis } from '../../analysis';
import type { GitOps } from '../../model';
import type { Manifest } from '../manifest';
import { HOSTNAME_LABEL } from '../node-labels';
import { jobAccounts } from './access';
import { jobOf } from './job';
import { LABEL_PROGRAM } from './programs.generated';

/** One Node and the labels that it must have. */
export interface LabelledNode {
  readonly node: string;
  /** `node-role.kubernetes.io/storage=` */
  readonly labels: readonly string[];
}

/** What can stand in a label; anything else was refused before. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/-]*=[A-Za-z0-9._-]*$/;

/** The labels by which MachineConfigPools and the fleet's own pools select the declared Nodes. */
export function labelledNodes({ nodes, units }: Analysis): LabelledNode[] {
  return nodes.flatMap(({ name: node, pools }) => {
    const roles = units
      .filter((unit) => unit.isCustom && unit.nodes.some(({ name }) => name === node))
      .map(({ name }) => `node-role.kubernetes.io/${name}=`);
    const declared = pools.flatMap(({ nodeSelector = {} }) =>
      Object.entries(nodeSelector)
        // kubelet's own
        .filter(([key]) => key !== HOSTNAME_LABEL)
        .map(([key, value]) => `${key}=${value}`),
    );
    const labels = [...new Set([...roles, ...declared])].filter((label) => LABEL.test(label));
    return labels.length === 0 ? [] : [{ node, labels }];
  });
}

/** The Job that puts them there. */
export function labelJob(analysis: Analysis, gitops: GitOps, labelled: readonly LabelledNode[]): Manifest[] {
  if (labelled.length === 0) return [];
  return jobOf(analysis.fleet, gitops, {
    folder: ['gitops', 'node-labels'],
    name: 'label-nodes',
    serviceAccount: jobAccounts(analysis.fleet).labels,
    file: 'hostdev-label-nodes',
    text: LABEL_PROGRAM,
    lines: labelled.map(({ node, labels }) => [node, ...labels].join(' ')),
    comment: 'Puts the labels on Nodes by which their pools select them. A Node that joins a pool reboots.',
    hook: 'Sync',
    deadlineSeconds: 3600,
  });
}
