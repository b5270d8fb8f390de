import { groupBy } from '../../model';
import { GPU_WORKLOAD_LABEL, GPU_WORKLOADS } from '../../analysis';
import { nearestName } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { missingLiveNodes } from '../live-cluster';
import { defineRule } from '../rule';
import { GPU_OPERATOR } from '../sources';
import { enumerated, fitting, fittingLabel, nodesInWords } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4, binding: external }] }
`);

const liveObjects = (value: string): Record<string, string> => ({
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata:
  name: node01
  labels:
    nvidia.com/gpu.workload.config: ${value}
`,
  'cluster/policy.yaml': `
apiVersion: nvidia.com/v1
kind: ClusterPolicy
metadata: { name: gpu-cluster-policy }
spec:
  sandboxWorkloads: { enabled: true }
`,
});

export const unknownGpuWorkload = defineRule({
  code: 'NOD436',
  slug: 'node/unknown-gpu-workload',
  severity: 'error',
  needs: ['current'],
  manifests: ['nodes'],
  concerns: ({ fleet, analysis }) =>
    analysis.current?.gpuOperator !== undefined || fleet.cluster.operators.some(({ name }) => name === 'gpu-operator'),
  lacksPartly: ({ analysis }) => missingLiveNodes(analysis),
  summary: 'the label that tells the GPU operator what a node is for has a value that it does not know',
  why: `
NVIDIA's GPU operator knows \`container\`, \`vm-passthrough\` and \`vm-vgpu\`. Any other value counts as the default, usually \`container\`,
without a word: the GPUs get the driver for containers and are not handed to VMs.`,
  sources: [
    {
      claim: 'the values, and what happens to others',
      url: `${GPU_OPERATOR}/0559da86a3cc1971c2038fbab78ff93274ae2e0d/controllers/state_manager.go`,
    },
  ],
  examples: {
    bad: [{ name: 'a value of its own making', yaml: FLEET, files: liveObjects('«passthrough»') }],
    good: [{ name: 'one of the three', yaml: FLEET, files: liveObjects('vm-passthrough') }],
  },
  *check({ analysis }) {
    const found = analysis.nodes.flatMap(({ live }) => {
      const value = live?.labels[GPU_WORKLOAD_LABEL];
      if (live === undefined || typeof value !== 'string' || GPU_WORKLOADS.some((one) => one === value)) return [];
      return [{ live, value }];
    });
    for (const [value, cases] of groupBy(found, (one) => one.value)) {
      const [first] = cases;
      if (first === undefined) continue;
      const at = placeAt(first.live.place, 'metadata', 'labels', GPU_WORKLOAD_LABEL);
      const fallback = analysis.current?.gpuOperator?.defaultWorkload;
      const nearest = nearestName(value, GPU_WORKLOADS);
      const on = nodesInWords(cases.map(({ live }) => live.name));
      yield {
        message: fitting(
          `\`${GPU_WORKLOAD_LABEL}\` of ${on} is ${value}`,
          `\`${GPU_WORKLOAD_LABEL}\` of a node is none of the GPU operator's values`,
        ),
        primary: {
          at,
          text: fallback === undefined ? 'counts as the default' : fittingLabel(`counts as ${fallback}`),
        },
        notes: [`the GPU operator knows ${enumerated(GPU_WORKLOADS)}`],
        help: [
          nearest === undefined ? 'use one of the three values' : `label the node with \`${nearest}\` if that is meant`,
        ],
      };
    }
  },
});
