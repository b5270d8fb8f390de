import type { AnalysedMachine, AnalysedNode } from '../../analysis';
import { groupBy, isMachineSet } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { hasUnseenInstancetype, inSpec, quantityIn } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, listed } from '../words';

const GIBIBYTE = 2 ** 30;

const FLEET = (guest: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    node: ${guest === '32Gi' ? '«node01»' : 'node01'}
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: ${guest} } } }
`);

const FILES = {
  'inventory/node01.yaml': `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  cpuVendor: intel
  numaNodes: [{ node: 0, cpus: "0-7", memoryMebibytes: 32768 }]
  functions:
    - { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: vfio-pci, iommuGroup: 27 }
`,
};

export const shortMemory = defineRule({
  code: 'VMI507',
  slug: 'vm/short-memory',
  severity: 'warning',
  needs: [],
  concerns: ({ fleet }) => fleet.inventories.some(({ numaNodes }) => numaNodes !== undefined),
  summary: 'VMs that can run on one node only need more memory than it has',
  why: `
The pod of a VM asks for the guest's memory and for what KubeVirt adds: with any host device, USB and claims included, that is one gibibyte more, however many devices there are. Huge pages do not
cover it. Counted are VMs that run by themselves and that one node only can run; what else runs there, and what kubelet keeps for the system, comes on top and is not known.`,
  sources: [
    {
      claim: 'the overhead of a VM with host devices',
      url: `${KUBEVIRT}/pkg/hypervisor/kvm/hypervisorbackend.go`,
    },
  ],
  examples: {
    bad: [{ name: 'all that the node has, and one more', yaml: FLEET('32Gi'), files: FILES }],
    good: [{ name: 'room for the overhead', yaml: FLEET('24Gi'), files: FILES }],
  },
  *check({ analysis }) {
    const bound = analysis.machines.flatMap((machine) => {
      const [node, ...others] = machine.fits;
      const mib = others.length > 0 || node === undefined ? undefined : memoryOf(node);
      const wanted = mib === undefined || !isConfined(machine) || !isKept(machine) ? undefined : demandOf(machine);
      return node === undefined || mib === undefined || wanted === undefined ? [] : [{ machine, node, mib, wanted }];
    });
    for (const cases of groupBy(bound, ({ node }) => node.name).values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const wanted = cases.reduce((all, one) => all + one.wanted, 0);
      const had = first.mib * 2 ** 20;
      if (wanted <= had) continue;
      const { node, machine } = first;
      const field = machine.machine.node === undefined ? [] : ['node'];
      yield {
        message: fitting(
          `VMs that can run on ${node.name} only need ${inGibibytes(wanted)} of memory, and it has ${inGibibytes(had)}`,
          `VMs that can run on one node only need ${inGibibytes(wanted)} of memory of ${inGibibytes(had)}`,
        ),
        primary: { at: placeAt(machine.machine.place, ...field), text: 'the first of them' },
        notes: [
          `counted: ${counted(cases.length, 'VM')} (${listed(cases.map((one) => one.machine.machine.id))})`,
          'a VM with host devices takes one gibibyte more than its guest',
        ],
        help: ['give the guests less memory, or let some of them run elsewhere'],
      };
    }
  },
});

/** The memory of a node in mebibytes; undefined: not known. */
function memoryOf({ inventory }: AnalysedNode): number | undefined {
  const amounts = inventory?.numaNodes?.map(({ memoryMebibytes }) => memoryMebibytes) ?? [];
  if (amounts.length === 0) return undefined;
  return amounts.reduce<number | undefined>(
    (all, one) => (all === undefined || one === undefined ? undefined : all + one),
    0,
  );
}

/** Whether a VM says where it runs: another may find a node that is not part of the fleet. */
function isConfined({ machine, pinned }: AnalysedMachine): boolean {
  return machine.node !== undefined || machine.pool !== undefined || pinned !== undefined;
}

/** Whether KubeVirt keeps a VM running by itself. */
function isKept({ machine }: AnalysedMachine): boolean {
  const strategy = machine.machine['runStrategy'];
  return (
    machine.machine['running'] !== false &&
    (strategy === undefined || strategy === 'Always' || strategy === 'RerunOnFailure')
  );
}

/** The memory that the pods of a VM ask for at least, in bytes; undefined: not known. */
function demandOf(machine: AnalysedMachine): number | undefined {
  const count = isMachineSet(machine.machine.kind) ? machine.machine.replicas : 1;
  const overhead = machine.requests.length > 0 ? GIBIBYTE : 0;
  if (inSpec(machine, 'domain', 'memory', 'hugepages') !== undefined) return count * overhead;
  if (hasUnseenInstancetype(machine)) return undefined;
  // a request is what the scheduler counts, the guest's memory where there is none
  const memory =
    quantityIn(machine, 'domain', 'resources', 'requests', 'memory') ??
    quantityIn(machine, 'domain', 'memory', 'guest');
  return memory === undefined ? undefined : count * (memory + overhead);
}

function inGibibytes(bytes: number): string {
  return `${Math.ceil((bytes / GIBIBYTE) * 10) / 10} GiB`;
}
