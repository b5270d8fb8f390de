import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';
import { keyPlace } from '../../source';

const permitting = (entry: string): string =>
  exampleKubeVirt(`
permittedHostDevices:
  usb:
    - ${entry}
`);

export const withoutSelector = defineRule({
  code: 'USB210',
  slug: 'usb/without-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a USB resource selects nothing',
  why: `
KubeVirt's schema lets an entry of \`permittedHostDevices.usb\` have no \`selectors\`. virt-handler then collects the devices that match none of no selectors, which
always succeeds, and goes on doing so for ever: on every node it takes all CPU and memory that it can get. An entry that another plugin serves
(\`externalResourceProvider: true\`) is passed over and does no harm.`,
  sources: [
    {
      claim: 'the loop (discoverAllowedUSBDevices)',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/usb_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the selectors are forgotten',
        reads: 'manifests',
        yaml: permitting('«resourceName: kubevirt.io/storage»'),
      },
    ],
    good: [
      {
        name: 'one device',
        reads: 'manifests',
        yaml: permitting('{ resourceName: kubevirt.io/storage, selectors: [{ vendor: "46f4", product: "0001" }] }'),
      },
    ],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      if (device.kind !== 'usb' || device.externalResourceProvider || device.selectors.length > 0) continue;
      yield {
        message: fitting(`USB resource ${device.name} selects nothing`, 'a USB resource selects nothing'),
        primary: { at: keyPlace(device.place), text: 'needs `selectors`' },
        notes: ['virt-handler looks for its devices without end, on every node'],
        help: ['add `selectors` with the vendor and the product, or remove the entry'],
      };
    }
  },
});
