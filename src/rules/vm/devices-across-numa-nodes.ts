import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { machineFindings } from '../machine-statements';
import { demandsOf, requestPlace } from '../machines';
import { allTakeOneNumaNode, mayHaveTogether, PerNodes, takesOneNumaNode } from '../numa';
import { defineRule } from '../rule';
import { KUBERNETES, KUBEVIRT } from '../sources';
import { nodesInWords } from '../words';

const FLEET = (policy: string, second: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kubelet: { topologyManagerPolicy: ${policy} }, passthrough: [{ device: t4 }, { device: qat }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    hostDevices: [{ name: qat1, device: ${second} }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const FILES = (numaNode: number): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    `${exampleFunction('0000:3b:00.0', '0b40', '8086:6f54', { group: 12 })}, numaNode: ${numaNode}`,
    `${exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 })}, numaNode: 1`,
  ]),
});

export const devicesAcrossNumaNodes = defineRule({
  code: 'VMI501',
  slug: 'vm/devices-across-numa-nodes',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.nodes.some(takesOneNumaNode),
  summary: 'a VM asks for devices of two NUMA nodes, and kubelet takes them from one',
  why: `
Under \`topologyManagerPolicy: single-numa-node\` kubelet admits a pod only if all that it takes comes from one NUMA node. KubeVirt's device plugin tells it the NUMA node of every
device that has one. Where no NUMA node of a node has all the devices that a VM asks for, kubelet refuses its pod, \`TopologyAffinityError\`, every time that it is scheduled.`,
  sources: [
    {
      claim: 'one NUMA node or none',
      url: `${KUBERNETES}/pkg/kubelet/cm/topologymanager/policy_single_numa_node.go`,
    },
    {
      claim: 'the NUMA node of a device is told to kubelet',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [{ name: 'one on each', yaml: FLEET('single-numa-node', '«qat»'), files: FILES(0) }],
    good: [
      { name: 'both on one', yaml: FLEET('single-numa-node', 'qat'), files: FILES(1) },
      { name: 'kubelet takes them from two', yaml: FLEET('restricted', 'qat'), files: FILES(0) },
      { name: 'one of them has no NUMA node', yaml: FLEET('single-numa-node', 'qat'), files: FILES(-1) },
    ],
  },
  *check({ analysis }) {
    const refused = new PerNodes<boolean>();
    yield* machineFindings(analysis, function* (machine) {
      const { fits } = machine;
      if (machine.requests.length < 2 || !allTakeOneNumaNode(fits)) return;
      const demands = demandsOf(machine);
      const isRefused = refused.of(fits, '', () => fits.every((node) => !mayHaveTogether(node, demands)));
      const last = demands.at(-1)?.requests.at(-1);
      const policy = fits[0]?.kubelet.topologyManager;
      if (!isRefused || last === undefined || policy === undefined) return;
      yield {
        message: (vm) => `no NUMA node has all the devices that ${vm} asks for`,
        at: requestPlace(last),
        label: 'on another NUMA node than the others',
        secondary: [{ at: policy.place, text: 'kubelet takes all from one NUMA node' }],
        notes: [`kubelet refuses its pod on ${nodesInWords(fits.map(({ name }) => name))}`],
        help: ['set the policy to `restricted`, or ask for devices of one NUMA node'],
      };
    });
  },
});
