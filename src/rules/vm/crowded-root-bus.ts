import { exampleMachine } from '../example';
import { instanceAnnotations, itemsIn, machineFindings, machinesAnnotated } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const ANNOTATION = 'kubevirt.io/placePCIDevicesOnRootComplex';
/** Of the 32 slots of a bus the first is the host bridge. */
const SLOTS = 31;

const crowd = (count: number, annotation: string): string =>
  exampleMachine(
    `
domain:
  memory: { guest: 4Gi }
  devices:
    disks: [${Array.from({ length: count }, (_, i) => `{ name: d${i}, disk: { bus: virtio } }`).join(', ')}]
volumes: [${Array.from({ length: count }, (_, i) => `{ name: d${i}, emptyDisk: { capacity: 1Gi } }`).join(', ')}]
`,
    {
      request: `kind: VirtualMachineInstance
    metadata: { annotations: { ${ANNOTATION}: ${annotation} } }
    gpus: [{ name: gpu1, device: t4 }]`,
    },
  );

export const crowdedRootBus = defineRule({
  code: 'VMI344',
  slug: 'vm/crowded-root-bus',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'a VM puts more devices on its root bus than the bus has slots',
  why: `
With the annotation \`kubevirt.io/placePCIDevicesOnRootComplex: "true"\` every PCI device of the guest sits on the root bus, which has 32 slots, one
of them for the host bridge. Beyond that virt-launcher ends with "No space left on the root PCI bus." Controllers of the guest's own take slots too.`,
  sources: [
    { claim: 'where devices are put', url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/converter/pci-placement.go` },
  ],
  examples: {
    bad: [{ name: '32 devices', yaml: crowd(31, '«"true"»') }],
    good: [{ name: 'a few', yaml: crowd(2, '"true"') }],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesAnnotated(analysis, ANNOTATION), function* (machine) {
      const { all, placeOf } = instanceAnnotations(machine);
      if (all[ANNOTATION] !== 'true') return;
      const own = machine.requests.filter(({ resource }) => resource?.device.kind !== 'usb').length;
      const disks = itemsIn(machine, 'domain', 'devices', 'disks').length;
      const count = own + disks + itemsIn(machine, 'domain', 'devices', 'interfaces').length;
      if (count <= SLOTS) return;
      yield {
        message: (vm) => `${vm} puts ${count} devices on its root bus`,
        at: placeOf(ANNOTATION),
        label: `room for ${SLOTS}`,
        notes: ['virt-launcher ends with "No space left on the root PCI bus."'],
        help: ['remove the annotation, or some of the devices'],
      };
    });
  },
});
