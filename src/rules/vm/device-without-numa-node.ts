import type { AnalysedNode, Analysis, Resource } from '../../analysis';
import { behaves, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { inSpec, machineFindings, specPlace } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fittingLabel } from '../words';

const fleetWith = (place: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", featureGates: [CPUManager, PCINUMAAwareTopology] } }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: ${place} }]
    spec:
      domain:
        cpu: { cores: 4, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } }
        memory: { guest: 4Gi, hugepages: { pageSize: 1Gi } }
        devices: {}
`);

const onNode = (numaNode: number): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    `${exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 })}, numaNode: ${numaNode}`,
  ]),
});

export const deviceWithoutNumaNode = defineRule({
  code: 'VMI345',
  slug: 'vm/device-without-numa-node',
  severity: 'error',
  needs: [],
  summary: 'a VM wants its devices placed by NUMA node, and they have none',
  why: `
From KubeVirt 1.9 on, the gate \`PCINUMAAwareTopology\` together with \`guestMappingPassthrough\` is strict: a PCI device whose NUMA node the
firmware does not tell (-1 in sysfs) makes the start fail, "strict PCI NUMA-aware placement failed".`,
  sources: [
    {
      claim: 'the placement is strict',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/converter/pci-placement.go`,
    },
  ],
  examples: {
    bad: [{ name: 'the firmware does not tell', yaml: fleetWith('«t4»'), files: onNode(-1) }],
    good: [{ name: 'on node 0', yaml: fleetWith('t4'), files: onNode(0) }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || !behaves(version.value, 'strict-numa-placement')) return;
    if (!analysis.featureGates.includes('PCINUMAAwareTopology')) return;
    yield* machineFindings(analysis, function* (machine) {
      if (!isJsonObject(inSpec(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough'))) return;
      if (inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') !== true) return;
      const asked = machine.requests.find(({ resource }) => hasNoNumaNode(analysis, machine.candidates, resource));
      if (asked?.resource === undefined) return;
      const { name } = asked.resource.device;
      yield {
        message: (vm) => `${vm} wants its devices by NUMA node, and one has none`,
        at: requestPlace(asked),
        label: fittingLabel(`the NUMA node of every ${name} is -1`, 'its NUMA node is -1 everywhere'),
        secondary: [
          {
            at: specPlace(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough'),
            text: 'asks for placement by NUMA node',
          },
        ],
        notes: ['virt-launcher refuses a device without NUMA node under the gate PCINUMAAwareTopology'],
        help: ['remove the gate, or set the NUMA node of the slot in the firmware'],
      };
    });
  },
});

/** Whether every function behind a resource is known to be on no NUMA node, wherever the VM may run. */
function hasNoNumaNode(
  analysis: Analysis,
  candidates: readonly AnalysedNode[],
  resource: Resource | undefined,
): boolean {
  const functions = candidates.flatMap(({ advertised }) =>
    advertised.filter((one) => one.resource === resource).flatMap((one) => one.functions),
  );
  return functions.length > 0 && functions.every(({ fact }) => fact.numaNode === -1);
}
