import type { AnalysedNode } from '../../analysis';
import { parseQuantity } from '../../model';
import { exampleFleet } from '../example';
import { demandsOf } from '../machines';
import { inSpec, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fittingLabel, nodesInWords } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      domain:
        memory: { guest: 4Gi, hugepages: { pageSize: «1Gi» } }
        devices: {}
`);

const live = (hugepages: string): Record<string, string> => ({
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01 }
status: { allocatable: { cpu: "63", ${hugepages} } }
`,
});

export const withoutHugepages = defineRule({
  code: 'VMI352',
  slug: 'vm/without-hugepages',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools'],
  manifests: ['nodes'],
  concerns: ({ analysis }) =>
    machinesStating(analysis, 'domain', 'memory', 'hugepages').machines.some(
      (machine) => inSpec(machine, 'domain', 'memory', 'hugepages', 'pageSize') !== undefined,
    ),
  summary: 'a VM asks for huge pages of a size that no node with its devices has',
  why: `
Memory on huge pages is a request for \`hugepages-SIZE\` of the node. A node has those that its kernel set aside at boot, and says so in its
\`allocatable\`. Without any of that size the VM stays Pending. A pool that declares \`hugepages\`, or that gets kernel arguments about them, is taken at its
word.`,
  sources: [
    { claim: 'huge pages are resources of their own', url: `${KUBERNETES}/pkg/apis/core/v1/helper/helpers.go` },
  ],
  examples: {
    bad: [
      { name: 'none set aside', yaml: FLEET, files: live('hugepages-1Gi: "0", hugepages-2Mi: "0"') },
      { name: 'of the other size', yaml: FLEET, files: live('hugepages-1Gi: "0", hugepages-2Mi: 8Gi') },
    ],
    good: [
      { name: 'of this size', yaml: FLEET.replace(/[«»]/g, ''), files: live('hugepages-1Gi: 64Gi') },
      { name: 'not shown', yaml: FLEET.replace(/[«»]/g, ''), files: live('pods: "250"') },
      {
        name: 'declared, and not there yet',
        yaml: FLEET.replace(/[«»]/g, '').replace(
          'cpuVendor: intel,',
          'cpuVendor: intel, hugepages: [{ size: 1Gi, count: 16 }],',
        ),
        files: live('hugepages-1Gi: "0"'),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesStating(analysis, 'domain', 'memory', 'hugepages'), function* (machine) {
      const size = parseQuantity(inSpec(machine, 'domain', 'memory', 'hugepages', 'pageSize'));
      if (!size.ok || demandsOf(machine).length === 0 || machine.fits.length === 0) return;
      if (!machine.fits.every((node) => hasNone(node, size.value))) return;
      yield {
        message: (vm) => `${vm} asks for huge pages of a size that no node with its devices has`,
        at: specPlace(machine, 'domain', 'memory', 'hugepages', 'pageSize'),
        label: fittingLabel(`none on ${nodesInWords(machine.fits.map(({ name }) => name))}`, 'none of this size'),
        notes: ['kube-scheduler counts huge pages as it counts devices'],
        help: ['declare `hugepages` for the pool, or use a size that its nodes have'],
      };
    });
  },
});

/** Whether a node is known to have no pages of a size, and nothing that is known makes any. */
function hasNone({ live, pools }: AnalysedNode, size: number): boolean {
  // kubelet lists every size that the CPU has; one that is not listed is not known
  if (live?.hugepages.get(size) !== 0) return false;
  const isMade = pools.some(
    ({ hugepages, kernelArguments, performanceProfile }) =>
      hugepages.length > 0 ||
      performanceProfile !== undefined ||
      kernelArguments.some(({ text }) => isAboutPages(text)),
  );
  return !isMade;
}

function isAboutPages(argument: string): boolean {
  return argument.startsWith('hugepage') || argument.startsWith('default_hugepagesz');
}
