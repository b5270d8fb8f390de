import { groupBy } from '../../model';
import { exampleFleet } from '../example';
import { moreMachines, requestPlace } from '../machines';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const usbInGpus = defineRule({
  code: 'VMI313',
  slug: 'vm/usb-in-gpus',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a USB device stands under `gpus` of a VM',
  why: `
virt-launcher looks for the addresses of \`gpus\` among PCI and mediated devices only. A USB device there has its addresses in another variable:
the VM is accepted and scheduled, and ends with "the number of device plugin GPU/s do not match the number of devices".`,
  sources: [
    {
      claim: '`gpus` are taken from PCI and mediated devices',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/gpu/hostdev.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a stick is no GPU',
        yaml: exampleFleet(`
devices:
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
nodePools:
  general: { nodes: [node01], usb: [stick] }
virtualMachines:
  desk:
    gpus: [{ name: stick, device: «stick» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'a host device',
        yaml: exampleFleet(`
devices:
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
nodePools:
  general: { nodes: [node01], usb: [stick] }
virtualMachines:
  desk:
    hostDevices: [{ name: stick, device: stick }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const misplaced = shapeCases(analysis, (machine) =>
      machine.requests.flatMap((asked) =>
        asked.list === 'gpus' && asked.resource?.device.kind === 'usb'
          ? [{ machine, asked, device: asked.resource.device.name }]
          : [],
      ),
    );
    for (const [device, uses] of groupBy(misplaced, (use) => use.device)) {
      const [first] = uses;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `USB device ${device} stands under \`gpus\` of VM ${first.machine.machine.id}`,
          `USB device ${device} stands under \`gpus\` of a VM`,
          'a USB device stands under `gpus` of a VM',
        ),
        primary: { at: requestPlace(first.asked), text: 'a USB device' },
        notes: [
          'virt-launcher takes `gpus` from PCI and mediated devices only',
          ...moreMachines(uses.map(({ machine }) => machine)),
        ],
        help: ['move the entry to `hostDevices`'],
      };
    }
  },
});
