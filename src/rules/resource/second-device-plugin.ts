import { gpuWorkloadOf, hasLabels, type AnalysedNode, type Analysis } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { GPU_OPERATOR, NVIDIA_PLUGIN } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
inventory: inventory/
devices:
  t4:
    pci: ["10de:1eb8"]
    resourceName: nvidia.com/TU104GL_TESLA_T4
    externalResourceProvider: true
    devicePlugin: «nvidia»
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`);

const filesWith = (image: string): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]),
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { gpu: "yes" } }
`,
  'cluster/plugin.yaml': `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: gpu-plugin, namespace: kube-system }
spec:
  template:
    spec:
      nodeSelector: { gpu: "yes" }
      containers: [{ name: plugin, image: "${image}" }]
`,
});

export const secondDevicePlugin = defineRule({
  code: 'RES631',
  slug: 'resource/second-device-plugin',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) => analysis.nvidiaPluginNodes.length > 0,
  summary: "NVIDIA's device plugin runs on a node already",
  why: `
Two copies of NVIDIA's kubevirt-gpu-device-plugin on one node use the same sockets. Each deletes the other's before it listens, sees its own
deleted, and starts anew: the resource comes and goes. NVIDIA's GPU operator deploys the plugin itself, as its sandbox
device plugin, on nodes whose workload is \`vm-passthrough\` or \`vm-vgpu\`.`,
  sources: [
    {
      claim: 'the socket is deleted and made anew',
      url: `${NVIDIA_PLUGIN}/pkg/device_plugin/generic_device_plugin.go`,
    },
    {
      claim: 'what the operator deploys on which nodes',
      url: `${GPU_OPERATOR}/0559da86a3cc1971c2038fbab78ff93274ae2e0d/controllers/state_manager.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'deployed by hand before',
        yaml: FLEET,
        files: filesWith('nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.2.9'),
      },
    ],
    good: [
      {
        name: 'a plugin for containers',
        yaml: FLEET.replace(/[«»]/g, ''),
        files: filesWith('nvcr.io/nvidia/k8s-device-plugin:v0.17.0'),
      },
    ],
  },
  *check({ analysis }) {
    const [first, ...others] = analysis.nvidiaPluginNodes.flatMap((node) => {
      const other = otherPlugin(analysis, node);
      return other === undefined ? [] : [{ node, other }];
    });
    const resource = analysis.resources.find(
      ({ server }, i) => server === 'nvidia' && analysis.resources.findIndex((one) => one.server === 'nvidia') === i,
    );
    if (first === undefined || resource === undefined) return;
    const nodes = nodesInWords([first, ...others].map(({ node }) => node.name));
    yield {
      message: fitting(
        `${first.other.name} runs NVIDIA's device plugin on ${nodes} already`,
        `NVIDIA's device plugin runs on ${nodes} already`,
        "NVIDIA's device plugin runs on these nodes already",
      ),
      primary: { at: placeAt(resource.device.place, 'devicePlugin'), text: 'the fleet deploys it too' },
      secondary: [{ at: first.other.place, text: fittingLabel(`deployed by ${first.other.name}`, 'deployed here') }],
      notes: ['both listen on the same sockets, and each deletes those of the other'],
      help: ['remove the other one, or set `devicePlugin: none`'],
    };
  },
});

function otherPlugin(
  { fleet, current }: Analysis,
  { live }: AnalysedNode,
): { readonly name: string; readonly place: Place } | undefined {
  if (current === undefined || live === undefined) return undefined;
  for (const { name, namespace, images, nodeSelector, hasAffinity } of current.daemonSets) {
    const image = images.find(({ text }) => text.includes('kubevirt-gpu-device-plugin'));
    // an affinity may keep it away from the node, and the fleet's own is no other
    if (image === undefined || hasAffinity || namespace === fleet.nvidiaPlugin.namespace) continue;
    if (hasLabels(live.labels, nodeSelector)) return { name, place: image.place };
  }
  const operator = current.gpuOperator;
  if (operator?.sandboxWorkloads !== true || !operator.sandboxDevicePlugin) return undefined;
  if (gpuWorkloadOf(operator, live.labels) === 'container') return undefined;
  return { name: 'the GPU operator', place: placeAt(operator.place, 'spec', 'sandboxWorkloads') };
}
