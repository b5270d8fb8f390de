import { exampleFleet } from '../example';
import { inSpec, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const fleetFor = (device: string): string =>
  exampleFleet(`
devices:
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage, externalResourceProvider: true }
  nic: { pci: ["15b3:101e"], resourceName: example.com/nic, externalResourceProvider: true }
virtualMachines:
  ledger:
    hostDevices: [{ name: one, device: ${device} }]
    spec: { architecture: s390x, domain: { devices: {}, memory: { guest: 4Gi } } }
`);

export const s390xDevice = defineRule({
  code: 'VMI346',
  slug: 'vm/s390x-device',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a VM for s390x asks for a device that it cannot get there',
  why: `
On s390x a guest has no USB controller, so a USB device has nowhere to go. A mediated device that comes by a device plugin always gets the model
\`vfio-pci\`, which crypto and channel devices (\`vfio_ap\`, \`vfio_ccw\`) are not; only resource claims give them theirs.`,
  sources: [
    { claim: 'no USB on s390x (IsUSBNeeded)', url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/converter/arch/s390x.go` },
    {
      claim: 'the model of mediated devices (createMDEVHostDevice)',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/hostdev.go`,
    },
  ],
  examples: {
    bad: [{ name: 'a USB stick', yaml: fleetFor('«stick»') }],
    good: [{ name: 'a PCI function', yaml: fleetFor('nic') }],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesStating(analysis, 'architecture'), function* (machine) {
      if (inSpec(machine, 'architecture') !== 's390x') return;
      for (const asked of machine.requests) {
        const device = asked.resource?.device;
        const isUsb = device?.kind === 'usb';
        if (!isUsb && !(device?.kind === 'mdev' && /^vfio[_-](?:ap|ccw)/.test(device.typeName))) continue;
        yield {
          message: (vm) => `${vm} is for s390x and asks for a ${isUsb ? 'USB device' : 'crypto or channel device'}`,
          at: requestPlace(asked),
          label: isUsb ? 'there is no USB controller for it' : 'it gets the model `vfio-pci`',
          secondary: [{ at: specPlace(machine, 'architecture'), text: 'for s390x' }],
        };
      }
    });
  },
});
