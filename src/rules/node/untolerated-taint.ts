import { liveKubeVirt } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { handlerTolerates, keepsAway } from '../taints';
import { fitting } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    taints: [«{ key: nvidia.com/gpu, effect: NoSchedule }»]
    passthrough: [{ device: t4 }]
`);

export const untoleratedTaint = defineRule({
  code: 'NOD416',
  slug: 'node/untolerated-taint',
  severity: 'error',
  needs: ['current'],
  concerns: ({ fleet }) => fleet.nodePools.some(({ taints }) => taints.some(keepsAway)),
  summary: 'virt-handler does not tolerate the taint of a pool',
  why: `
virt-handler gets the toleration for critical add-ons and what \`spec.workloads.nodePlacement\` of the KubeVirt object says. On a node
with another taint it does not run: no device is advertised there, and the node is not schedulable for VMs at all.`,
  sources: [
    {
      claim: 'the tolerations of virt-handler',
      url: `${KUBEVIRT}/pkg/virt-operator/resource/generate/components/deployments.go`,
    },
    {
      claim: 'workloads placement is added',
      url: `${KUBEVIRT}/pkg/virt-operator/resource/placement/placement.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a tainted GPU pool',
        yaml: FLEET,
        files: {
          'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec: {}
`,
        },
      },
    ],
    good: [
      {
        name: 'tolerated',
        yaml: FLEET.replace(/[«»]/g, ''),
        files: {
          'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  workloads:
    nodePlacement:
      tolerations: [{ key: nvidia.com/gpu, operator: Exists }]
`,
        },
      },
    ],
  },
  *check({ fleet }) {
    const live = liveKubeVirt(fleet);
    if (live === undefined) return;
    for (const pool of fleet.nodePools) {
      for (const [i, taint] of pool.taints.entries()) {
        if (!keepsAway(taint) || handlerTolerates(live, taint)) continue;
        yield {
          message: fitting(
            `virt-handler does not tolerate taint ${taint.key} of pool ${pool.name}`,
            'virt-handler does not tolerate a taint of a pool',
          ),
          primary: { at: placeAt(pool.place, 'taints', i), text: 'virt-handler does not run on these nodes' },
          secondary: [{ at: placeAt(live.place, 'metadata', 'name'), text: 'no toleration under `workloads`' }],
          notes: ['virt-handler advertises the devices of its node, and marks it schedulable for VMs'],
          help: [`add the toleration to \`spec.workloads.nodePlacement\` of KubeVirt ${live.name}`],
        };
      }
    }
  },
});
