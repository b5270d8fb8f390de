import type { AnalysedMachine, AnalysedNode } from '../../analysis';
import { isJsonObject, type NumaNode } from '../../model';
import { exampleFleet } from '../example';
import { inSpec, machineFindings, specPlace, type MachineStatement } from '../machine-statements';
import {
  allTakeOneNumaNode,
  cpuCount,
  dedicatedCpus,
  hugepagesOf,
  pageCount,
  PerNodes,
  takesOneNumaNode,
} from '../numa';
import { defineRule } from '../rule';
import { KUBERNETES, KUBEVIRT } from '../sources';

const FLEET = (cores: string, guest: string): string =>
  exampleFleet(`
inventory: inventory/
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [CPUManager] } }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    kubelet: { cpuManagerPolicy: static, reservedSystemCPUs: "0", topologyManagerPolicy: single-numa-node }
    passthrough: [{ device: t4 }]
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      domain:
        cpu: { cores: ${cores}, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } }
        memory: { guest: ${guest}, hugepages: { pageSize: 1Gi } }
        devices: {}
`);

const FILES = {
  'inventory/node01.yaml': `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  cpuVendor: intel
  numaNodes:
    - { node: 0, cpus: "0-7", memoryMebibytes: 65536, hugepages: [{ size: 1Gi, count: 16 }] }
    - { node: 1, cpus: "8-15", memoryMebibytes: 65536, hugepages: [{ size: 1Gi, count: 16 }] }
  functions:
    - { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: vfio-pci, iommuGroup: 27, numaNode: 1 }
`,
};

export const largerThanNumaNode = defineRule({
  code: 'VMI502',
  slug: 'vm/larger-than-numa-node',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.nodes.some(takesOneNumaNode),
  summary: 'a VM is larger than a NUMA node, and kubelet takes all of it from one',
  why: `
Under \`topologyManagerPolicy: single-numa-node\` the CPUs that are dedicated to a VM come from one NUMA node: one that has fewer CPUs never has them, kubelet refuses the pod, and the VM
does not start. With \`guestMappingPassthrough\` the guest's memory does not cross the boundaries of the NUMA nodes of those CPUs either, so its huge pages are all there.`,
  sources: [
    {
      claim: 'one NUMA node or none',
      url: `${KUBERNETES}/pkg/kubelet/cm/topologymanager/policy_single_numa_node.go`,
    },
    {
      claim: "memory and CPUs of the guest's cells never cross those of the host (NUMA)",
      url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'more CPUs than any has', yaml: FLEET('«12»', '8Gi'), files: FILES },
      { name: 'more huge pages than any has', yaml: FLEET('4', '«24Gi»'), files: FILES },
    ],
    good: [{ name: 'it fits into one', yaml: FLEET('8', '16Gi'), files: FILES }],
  },
  *check({ analysis }) {
    const most = new PerNodes<number | undefined>();
    yield* machineFindings(analysis, function* (machine) {
      if (!allTakeOneNumaNode(machine.fits)) return;
      yield* tooManyCpus(machine, most);
      yield* tooManyPages(machine, most);
    });
  },
});

type Most = PerNodes<number | undefined>;

function* tooManyCpus(machine: AnalysedMachine, known: Most): Iterable<MachineStatement> {
  const cpus = dedicatedCpus(machine);
  if (cpus === undefined) return;
  const most = known.of(machine.fits, 'cpus', () => mostOf(machine, (_node, numaNode) => cpuCount(numaNode)));
  if (most === undefined || cpus <= most) return;
  yield {
    message: (vm) => `${vm} takes ${cpus} CPUs of one NUMA node, and none has more than ${most}`,
    at: specPlace(
      machine,
      'domain',
      'cpu',
      ['cores', 'sockets', 'threads'].find((field) => inSpec(machine, 'domain', 'cpu', field) !== undefined) ?? 'cores',
    ),
    label: `more than the ${most} of a NUMA node`,
    ...policyOf(machine),
  };
}

function* tooManyPages(machine: AnalysedMachine, known: Most): Iterable<MachineStatement> {
  const pages = hugepagesOf(machine);
  if (pages === undefined || !isJsonObject(inSpec(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough'))) return;
  const most = known.of(machine.fits, `pages of ${pages.size}`, () =>
    mostOf(machine, (node, numaNode) => pageCount(node, numaNode, pages.size)),
  );
  if (most === undefined || pages.count <= most) return;
  yield {
    message: (vm) => `${vm} takes ${pages.count} huge pages of one NUMA node, and none has more than ${most}`,
    at: specPlace(machine, 'domain', 'memory', 'guest'),
    label: `${pages.count} pages, more than the ${most} of a NUMA node`,
    ...policyOf(machine),
  };
}

function policyOf({ fits }: AnalysedMachine): Pick<MachineStatement, 'secondary' | 'help'> {
  const place = fits[0]?.kubelet.topologyManager?.place;
  return {
    secondary: place === undefined ? [] : [{ at: place, text: 'kubelet takes all from one NUMA node' }],
    help: ['make the VM smaller, or set the policy to `restricted`'],
  };
}

/** The most that a NUMA node has among all where a VM may run; undefined where one of them is not known. */
function mostOf(
  { fits }: AnalysedMachine,
  amountOf: (node: AnalysedNode, numaNode: NumaNode) => number | undefined,
): number | undefined {
  let most = 0;
  for (const node of fits) {
    const numaNodes = node.inventory?.numaNodes;
    if (numaNodes === undefined || numaNodes.length === 0) return undefined;
    for (const numaNode of numaNodes) {
      const amount = amountOf(node, numaNode);
      if (amount === undefined) return undefined;
      most = Math.max(most, amount);
    }
  }
  return most;
}
