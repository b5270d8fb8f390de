import type { AnalysedNode } from '../../analysis';
import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { demandsOf } from '../machines';
import { inSpec, machineFindings, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const fleetWith = (policy: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", featureGates: [CPUManager, PCINUMAAwareTopology] } }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    kubelet: { cpuManagerPolicy: static, reservedSystemCPUs: "0-1", topologyManagerPolicy: ${policy} }
    passthrough: [{ device: t4 }]
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      domain:
        cpu: { cores: 4, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: «{}» } }
        memory: { guest: 4Gi, hugepages: { pageSize: 1Gi } }
        devices: {}
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    `${exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 })}, numaNode: 1`,
  ]),
};

export const unalignedNuma = defineRule({
  code: 'VMI375',
  slug: 'vm/unaligned-numa',
  severity: 'warning',
  needs: [],
  absentFrom: ['nodePools'],
  concerns: ({ analysis }) => analysis.nodes.some(({ kubelet }) => kubelet.topologyManager !== undefined),
  summary: 'a VM is placed by NUMA node, and kubelet does not align its CPUs with its devices',
  why: `
Under the gate PCINUMAAwareTopology KubeVirt 1.9 refuses to start a VM with \`guestMappingPassthrough\` when a device is on a NUMA node of which the VM has no
CPU. Kubelet gives both from one NUMA node only with \`topologyManagerPolicy\` \`restricted\` or \`single-numa-node\`; with \`none\` and \`best-effort\` it is left to
chance, start by start.`,
  sources: [{ claim: 'strict placement', url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/converter/pci-placement.go` }],
  examples: {
    bad: [{ name: 'as good as it gets', yaml: fleetWith('best-effort'), files: INVENTORY }],
    good: [{ name: 'from one NUMA node', yaml: fleetWith('single-numa-node').replace(/[«»]/g, ''), files: INVENTORY }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || !isAtLeast(version.value, '1.9')) return;
    if (!analysis.featureGates.includes('PCINUMAAwareTopology')) return;
    yield* machineFindings(analysis, function* (machine) {
      if (!isJsonObject(inSpec(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough'))) return;
      if (inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') !== true) return;
      if (!demandsOf(machine).some(({ resource }) => resource.device.kind === 'pci')) return;
      const policies = machine.fits.map(({ kubelet }) => kubelet.topologyManager);
      const [first] = policies;
      if (first === undefined || !machine.fits.every(isUnaligned)) return;
      yield {
        message: (vm) => `kubelet takes the CPUs and the devices of ${vm} from any NUMA node`,
        at: specPlace(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough'),
        label: 'wants them from the same',
        secondary: [{ at: first.place, text: `\`topologyManagerPolicy\` is \`${first.value}\`` }],
        notes: ['virt-launcher refuses a device on a NUMA node of which the VM has no CPU'],
        help: ['set `topologyManagerPolicy` to `restricted` or `single-numa-node`'],
      };
    });
  },
});

/** Whether kubelet is known to take CPUs and devices from where they are; on a machine with one NUMA node that does no harm. */
function isUnaligned({ kubelet, inventory }: AnalysedNode): boolean {
  const policy = kubelet.topologyManager?.value;
  return (policy === 'none' || policy === 'best-effort') && inventory?.numaNodes?.length !== 1;
}
