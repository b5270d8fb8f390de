import { liveNodeLabels } from '../../analysis';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { counted, fitting, nodesInWords } from '../words';

const ROLES = ['node-role.kubernetes.io/master', 'node-role.kubernetes.io/control-plane'];

const COMPACT_NODE = `
apiVersion: v1
kind: Node
metadata:
  name: node01
  labels: { node-role.kubernetes.io/master: "", node-role.kubernetes.io/worker: "" }
---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: master }
status: { machineCount: 1 }
`;

export const controlPlane = defineRule({
  code: 'NOD404',
  slug: 'node/control-plane',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) =>
    analysis.units.some(
      ({ name, platform, strategies }) => platform === 'openshift' && name !== 'master' && strategies.length > 0,
    ),
  summary: 'a node of the control plane is to be prepared by another machine config pool than master',
  why: `
A node with the label of the control plane stays in the machine config pool \`master\`. What its other labels would give it, \`worker\` or a
custom pool, is ignored: the kernel arguments and files never reach it, and nothing is bound. This is how compact and single-node
clusters are.`,
  sources: [
    {
      claim: 'master comes before every other pool',
      url: `${MACHINE_CONFIG_OPERATOR}/052894640fff35257be9fe711f0c357807d6d5ad/pkg/helpers/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a compact cluster',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [«node01»], cpuVendor: intel, passthrough: [{ device: t4 }] }
`),
        files: { 'cluster/nodes.yaml': COMPACT_NODE },
      },
    ],
    good: [
      {
        name: 'prepared with the control plane',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, machineConfigPool: master, passthrough: [{ device: t4 }] }
`),
        files: { 'cluster/nodes.yaml': COMPACT_NODE },
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const unit of analysis.units) {
      if (unit.platform !== 'openshift' || unit.name === 'master' || unit.strategies.length === 0) continue;
      const masters = unit.pools
        .flatMap(({ nodes }) => nodes)
        .filter(({ name }) => {
          const labels = liveNodeLabels(fleet, name);
          return labels !== undefined && ROLES.some((role) => Object.hasOwn(labels, role));
        });
      const [first] = masters;
      if (first === undefined) continue;
      const names = masters.map(({ name }) => name);
      yield {
        message: fitting(
          `${nodesInWords(names)} ${names.length === 1 ? 'is' : 'are'} in machine config pool master, not ${unit.name}`,
          `${counted(names.length, 'node')} of the control plane cannot be in machine config pool ${unit.name}`,
          'nodes of the control plane cannot be in another machine config pool',
        ),
        primary: { at: first.place, text: 'a node of the control plane' },
        notes: ['the machine-config-operator ignores other pools for nodes of the control plane'],
        help: ['put the control plane into a pool of its own with `machineConfigPool: master`'],
      };
    }
  },
});
