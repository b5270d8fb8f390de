import { exampleFleet } from '../example';
import { keyPlace, placeAt } from '../../source';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { counted, fitting } from '../words';

const LIVE_POOL = `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: worker }
status: { machineCount: 40 }
`;

export const undeclaredMembers = defineRule({
  code: 'NOD403',
  slug: 'node/undeclared-members',
  severity: 'warning',
  needs: [],
  summary: 'a machine config pool has nodes that the fleet does not declare',
  why: `
Kernel arguments and files go to a machine config pool, not to single nodes: every node in it gets them, is drained, and reboots.
\`worker\` holds all nodes that are in no custom pool, and custom pools inherit what \`worker\` gets; \`master\` holds the control
plane. A pool that names one of these and not all of its nodes changes more than it says. A custom pool is emitted for any other
name.`,
  sources: [
    {
      claim: 'custom pools get the configuration of worker too',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
    {
      claim: 'a change of kernel arguments reboots',
      url: `${MACHINE_CONFIG_OPERATOR}/3b7ffc348eb7d127bf570c64f75c6d90f65408e0/pkg/daemon/update.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: '1 node of 40',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, machineConfigPool: «worker», passthrough: [{ device: t4 }] }
`),
        files: { 'cluster/pools.yaml': LIVE_POOL },
      },
      {
        name: 'nobody knows how many',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, machineConfigPool: «worker», passthrough: [{ device: t4 }] }
`),
      },
    ],
    good: [
      {
        name: 'a custom pool',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { name, platform, pools, nodes, isCustom, liveNodeCount, effects } of analysis.units) {
      if (platform !== 'openshift') continue;
      const changes =
        effects.kernelArguments.length + effects.modules.length + effects.ids.length + effects.rows.length;
      const pool = pools.find((one) => one.machineConfigPoolDeclared) ?? pools[0];
      if (changes === 0 || pool === undefined) continue;
      if (liveNodeCount === undefined ? isCustom : liveNodeCount <= nodes.length) continue;
      yield {
        message: fitting(
          liveNodeCount === undefined
            ? `pool ${pool.name} changes every node of machine config pool ${name}, of which it names ${nodes.length}`
            : `pool ${pool.name} changes ${liveNodeCount} nodes of machine config pool ${name}, and names ${nodes.length}`,
          liveNodeCount === undefined
            ? `a pool changes every node of a machine config pool, and names ${nodes.length}`
            : `a pool changes ${liveNodeCount} nodes of a machine config pool, and names ${nodes.length}`,
        ),
        primary: {
          at: pool.machineConfigPoolDeclared ? placeAt(pool.place, 'machineConfigPool') : keyPlace(pool.place),
          text:
            liveNodeCount === undefined
              ? 'how many nodes it has is not known'
              : `${counted(liveNodeCount, 'node')} in the live cluster`,
        },
        notes: [
          'the machine-config-operator drains and reboots every node of the pool',
          ...(name === 'worker' ? ['custom pools inherit what worker gets'] : []),
        ],
        help: [
          isCustom
            ? `declare the other nodes, or take the label \`node-role.kubernetes.io/${name}\` from them`
            : 'leave `machineConfigPool` out, so that the nodes get a custom pool of their own',
        ],
      };
    }
  },
});
