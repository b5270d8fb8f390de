import { exampleFleet } from '../example';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { fitting } from '../words';

const MOST_CONDITIONS = 32;
const LONGEST_CONDITION = 10 * 1024;

const fleetWith = (claim: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubernetesVersion: "1.34", kubevirt: { version: "1.9" } }
devices:
  h100:
    pci: ["10de:2330"]
    allocation: dra
    dra: { driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com, driverFeatureGates: [PassthroughSupport, DeviceMetadata] }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: h100 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, ${claim} }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const conditions = (count: number): string =>
  Array.from({ length: count }, (_, i) => `'device.attributes["gpu.nvidia.com"].index != ${i}'`).join(', ');

export const oversizedClaim = defineRule({
  code: 'VMI395',
  slug: 'vm/oversized-claim',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.machines.some(({ claims }) => claims.length > 0),
  summary: 'a claim has more conditions, or a longer one, than the API server takes',
  why: `
A request of a ResourceClaim has at most 32 selectors of at most 10240 bytes each. hostdev writes one for the ids of the device, one for each thing that
\`claim\` says, and one for each expression. The API server refuses a claim with more, and the VM waits for it.`,
  sources: [
    {
      claim: 'the limits (DeviceSelectorsMaxSize, CELSelectorExpressionMaxLength)',
      url: 'https://github.com/kubernetes/kubernetes/blob/v1.34.2/staging/src/k8s.io/api/resource/v1/types.go',
    },
  ],
  examples: {
    bad: [{ name: 'forty', yaml: fleetWith(`device: «h100», claim: { expressions: [${conditions(40)}] }`) }],
    good: [
      { name: 'one that says the same', yaml: fleetWith(`device: h100, claim: { expressions: [${conditions(1)}] }`) },
    ],
  },
  *check({ analysis }) {
    for (const { machine, claims } of analysis.machines) {
      for (const { request, expressions } of claims) {
        const longest = Math.max(0, ...expressions.map((text) => Buffer.byteLength(text)));
        const [message, label] =
          expressions.length > MOST_CONDITIONS
            ? [`${expressions.length} conditions`, `${MOST_CONDITIONS} is the most`]
            : longest > LONGEST_CONDITION
              ? [`a condition of ${longest} bytes`, `${LONGEST_CONDITION} is the most`]
              : [undefined, ''];
        if (message === undefined) continue;
        yield {
          message: fitting(
            `the claim of ${request.request.name} of VM ${machine.id} has ${message}`,
            `a claim has ${message}`,
          ),
          primary: { at: requestPlace(request), text: label },
          help: ['join conditions by `&&`'],
        };
      }
    }
  },
});
