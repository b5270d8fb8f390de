import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { machineFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const FLEET = (version: string, value: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "${version}" } }
virtualMachines:
  train-7:
    numa: { pcieTopology: ${value} }
    spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`);

export const pcieTopologyOnOldKubevirt = defineRule({
  code: 'VMI505',
  slug: 'vm/pcie-topology-on-old-kubevirt',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.virtualMachines.some(({ numa }) => numa?.pcieTopology === true),
  summary: 'a VM asks for the NUMA nodes of its devices from a KubeVirt that does not show them',
  why: `
KubeVirt places PCI devices by their NUMA nodes behind the gate \`PCINUMAAwareTopology\`, which is first registered in 1.8.0. Releases before ignore the name: the VM starts, and its
devices are on one root bus.`,
  sources: [
    {
      claim: 'the gate',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.8.0/pkg/virt-config/featuregate/active.go',
    },
    {
      claim: 'what it does',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/converter/pci-placement.go`,
    },
  ],
  examples: {
    bad: [{ name: 'one release too early', yaml: FLEET('1.7', '«true»') }],
    good: [{ name: 'the first that has it', yaml: FLEET('1.8', 'true') }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || isAtLeast(version.value, '1.8')) return;
    yield* machineFindings(analysis, function* ({ machine: { numa } }) {
      if (numa?.pcieTopology !== true) return;
      yield {
        message: (vm) => `${vm} asks for the NUMA nodes of its devices, and KubeVirt ${version.value.text} has none`,
        at: placeAt(numa.place, 'pcieTopology'),
        label: 'KubeVirt 1.8 is the first that shows them',
        help: ['leave it out, or move to KubeVirt 1.8'],
      };
    });
  },
});
