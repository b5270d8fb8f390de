import { isJsonObject, jsonAt } from '../../model';
import { selectsLabels } from '../../openshift';
import { placeAt } from '../../source';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const POOL = (labels: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: gpu${labels} }
spec:
  machineConfigSelector:
    matchExpressions:
      - { key: machineconfiguration.openshift.io/role, operator: In, values: [worker, gpu] }
  nodeSelector: { matchLabels: { node-role.kubernetes.io/gpu: "" } }
---
apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata: { name: gpu-numa }
spec:
  machineConfigPoolSelector: «{ matchLabels: { pools.operator.machineconfiguration.openshift.io/gpu: "" } }»
  kubeletConfig: { topologyManagerPolicy: restricted }
`;

export const unselectedKubeletConfig = defineRule({
  code: 'NOD467',
  slug: 'node/unselected-kubelet-config',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  concerns: ({ fleet }) => fleet.cluster.current?.some(({ kind }) => kind === 'MachineConfigPool') === true,
  summary: 'kubelet settings are for a pool with labels that no pool has',
  why: `
A KubeletConfig and a PerformanceProfile choose pools by the labels of the pool itself. The label \`pools.operator.machineconfiguration.openshift.io/NAME\` is
on the pools that come with the cluster; nothing adds it to a custom pool. Without a match the settings end in a status, "could not find any
MachineConfigPool", and do nothing.`,
  sources: [
    {
      claim: 'pools are chosen by their labels',
      url: `${MACHINE_CONFIG_OPERATOR}/489662a080f196d8e5448444613a8d5fe9bfb9f0/pkg/controller/kubelet-config/helpers.go`,
    },
  ],
  examples: {
    bad: [{ name: 'the pool has no such label', reads: 'manifests', yaml: POOL('') }],
    good: [
      {
        name: 'the label is there',
        reads: 'manifests',
        yaml: POOL(', labels: { pools.operator.machineconfiguration.openshift.io/gpu: "" }').replace(/[«»]/g, ''),
      },
    ],
  },
  *check({ fleet }) {
    const objects = fleet.cluster.current ?? [];
    const pools = objects
      .filter(({ kind }) => kind === 'MachineConfigPool')
      .map(({ content }) => jsonAt(content, 'metadata', 'labels'));
    for (const { kind, name, content, place } of objects) {
      if (kind !== 'KubeletConfig') continue;
      const selector = jsonAt(content, 'spec', 'machineConfigPoolSelector');
      // a pool that is not among the objects may have the labels of the pools that come with the cluster
      const isForStandard = ['worker', 'master'].some((pool) =>
        selectsLabels(selector, { [`pools.operator.machineconfiguration.openshift.io/${pool}`]: '' }),
      );
      if (!isJsonObject(selector) || isForStandard) continue;
      if (pools.some((labels) => selectsLabels(selector, isJsonObject(labels) ? labels : {}))) continue;
      yield {
        message: fitting(`${kind} ${name} is for no pool that is here`, 'a KubeletConfig is for no pool that is here'),
        primary: { at: placeAt(place, 'spec', 'machineConfigPoolSelector'), text: 'no pool has these labels' },
        help: ['add the label to `metadata.labels` of the MachineConfigPool'],
      };
    }
  },
});
