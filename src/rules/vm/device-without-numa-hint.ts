import type { AnalysedMachine, AnalysedRequest } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { machineFindings } from '../machine-statements';
import { requestPlace } from '../machines';
import { PerNodes } from '../numa';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fittingLabel } from '../words';

const FLEET = (device: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], kubelet: { reservedSystemCPUs: "0-1" }, passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    numa: { kubelet: restricted }
    gpus: [{ name: gpu1, device: ${device} }]
    spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`);

const onNode = (numaNode: number | undefined): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    `${exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 })}${numaNode === undefined ? '' : `, numaNode: ${numaNode}`}`,
  ]),
});

export const deviceWithoutNumaHint = defineRule({
  code: 'VMI503',
  slug: 'vm/device-without-numa-hint',
  severity: 'warning',
  needs: [],
  concerns: ({ fleet }) => fleet.virtualMachines.some(({ numa }) => numa?.kubelet !== undefined),
  lacksPartly: ({ analysis }) => {
    const unknown = analysis.machines
      .filter(({ machine }) => machine.numa?.kubelet !== undefined)
      .flatMap(({ fits, requests }) =>
        fits.filter((node) =>
          node.advertised.some(
            ({ resource, functions }) =>
              requests.some((asked) => asked.resource === resource) &&
              functions.some(({ fact }) => fact.numaNode === undefined),
          ),
        ),
      );
    return [...new Set(unknown.map(({ name }) => name))].map((name) => `the NUMA nodes of the devices of ${name}`);
  },
  summary: 'a VM wants kubelet to align its devices, and one has no NUMA node',
  why: `
KubeVirt's device plugin tells kubelet the NUMA node of a device only where sysfs has one: of a function with \`numa_node\` -1, and of every USB device, kubelet knows nothing, and takes the CPUs
from wherever it likes. On a machine with one NUMA node that does no harm.`,
  sources: [
    {
      claim: 'no hint without a NUMA node (constructDPIdevices)',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [{ name: 'the firmware does not tell', yaml: FLEET('«t4»'), files: onNode(-1) }],
    good: [
      { name: 'on node 0', yaml: FLEET('t4'), files: onNode(0) },
      { name: 'not known', yaml: FLEET('t4'), files: onNode(undefined) },
    ],
  },
  *check({ analysis }) {
    const without = new PerNodes<boolean>();
    yield* machineFindings(analysis, function* (machine) {
      if (machine.machine.numa?.kubelet === undefined) return;
      const asked = machine.requests.find((one) =>
        without.of(machine.fits, one.resource?.device.name ?? '', () => hasNoHint(machine, one)),
      );
      if (asked?.resource === undefined) return;
      const { name, kind } = asked.resource.device;
      yield {
        message: (vm) => `${vm} wants its devices aligned, and one has no NUMA node`,
        at: requestPlace(asked),
        label:
          kind === 'usb'
            ? 'kubelet is told no NUMA node of a USB device'
            : fittingLabel(`the NUMA node of every ${name} is -1`, 'its NUMA node is -1 everywhere'),
        notes: ['kubelet takes the CPUs of the VM from any NUMA node as far as this device goes'],
        help: ['set the NUMA node of the slot in the firmware, or leave `numa.kubelet` out'],
      };
    });
  },
});

/** Whether kubelet gets no hint about a device, wherever the VM may run, on machines with more NUMA nodes than one. */
function hasNoHint({ fits }: AnalysedMachine, { resource }: AnalysedRequest): boolean {
  if (resource === undefined || fits.length === 0) return false;
  return fits.every((node) => {
    if (node.inventory?.numaNodes?.length === 1) return false;
    if (resource.device.kind === 'usb') return true;
    const functions = node.advertised.filter((one) => one.resource === resource).flatMap((one) => one.functions);
    return functions.length > 0 && functions.every(({ fact }) => fact.numaNode === -1);
  });
}
