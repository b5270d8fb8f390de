import { placeAt } from '../../source';
import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const selecting = (vendor: string): string =>
  exampleKubeVirt(`
permittedHostDevices:
  usb:
    - resourceName: kubevirt.io/storage
      selectors: [{ vendor: ${vendor}, product: "0001" }]
`);

export const malformedSelector = defineRule({
  code: 'USB211',
  slug: 'usb/malformed-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a USB selector is not a pair of hexadecimal numbers',
  why: `
virt-handler reads vendor and product as bare hexadecimal numbers. With \`0x\` in front, or any other text, it prints a warning and exposes nothing of the
whole resource. Case and leading zeros do not matter.`,
  sources: [
    {
      claim: 'how a selector is read (parseSelector)',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/usb_device.go`,
    },
  ],
  examples: {
    bad: [{ name: 'as a program prints it', reads: 'manifests', yaml: selecting('«"0x46f4"»') }],
    good: [{ name: 'digits only', reads: 'manifests', yaml: selecting('"46F4"') }],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      if (device.kind !== 'usb' || device.externalResourceProvider) continue;
      for (const { vendor, product, place } of device.selectors) {
        for (const [field, text] of [
          ['vendor', vendor],
          ['product', product],
        ] as const) {
          // strconv.ParseInt(text, 16, 32)
          if (/^[+-]?[0-9a-f]{1,8}$/i.test(text)) continue;
          const digits = text.trim().replace(/^0x/i, '');
          const at = placeAt(place, field);
          yield {
            message: fitting(
              `${field} ${text} of USB resource ${device.name} is not a hexadecimal number`,
              `the ${field} of a USB selector is not a hexadecimal number`,
            ),
            primary: { at, text: 'expected bare hexadecimal digits' },
            notes: ['virt-handler exposes nothing of the resource'],
            fixes: /^[0-9a-f]{1,4}$/i.test(digits)
              ? [{ title: 'write the digits only', safe: true, edits: [{ at, text: JSON.stringify(digits) }] }]
              : [],
          };
        }
      }
    }
  },
});
