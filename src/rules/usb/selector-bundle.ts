import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { usbSelectorUses } from '../usb-selectors';
import { counted, fitting } from '../words';

export const selectorBundle = defineRule({
  code: 'USB203',
  slug: 'usb/selector-bundle',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'a USB resource bundles several devices, of which a VM may get the first only',
  why: `
A resource with several selectors stands for all of them together, and KubeVirt's user guide says that a VM gets all. By reading the code,
virt-handler does hand over all of their addresses, and virt-launcher takes one of them for each entry of \`hostDevices\`. KubeVirt's
own tests cover one selector only, and nobody has confirmed the guide on hardware here.`,
  sources: [
    { claim: 'all addresses are handed over', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/usb_device.go` },
    {
      claim: 'one address is taken for each entry',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/hostdev.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a stick and its dongle',
        yaml: exampleFleet(`
devices:
  kit:
    usb:
      selectors: «[{ vendor: "46f4", product: "0001" }, { vendor: "46f4", product: "0002" }]»
    resourceName: example.com/kit
`),
      },
    ],
    good: [
      {
        name: 'one selector for each resource',
        yaml: exampleFleet(`
devices:
  dongle: { usb: { selectors: [{ vendor: "46f4", product: "0002" }] }, resourceName: example.com/dongle }
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: example.com/stick }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      if (device.kind !== 'usb' || device.externalResourceProvider) continue;
      const distinct = new Set(usbSelectorUses(device).map(({ id }) => id));
      // fewer distinct ones than listed is usb/repeated-selector
      if (device.selectors.length < 2 || distinct.size < device.selectors.length) continue;
      yield {
        message: fitting(
          `USB device ${device.name} bundles ${counted(device.selectors.length, 'selector')}`,
          `a USB device bundles ${counted(device.selectors.length, 'selector')}`,
        ),
        primary: { at: placeAt(device.place, 'usb', 'selectors'), text: 'a VM may get the first of them only' },
        notes: ['virt-launcher takes one address for each entry of `hostDevices`'],
        help: ['give each USB device a resource of its own, and name all of them in the VM'],
      };
    }
  },
});
