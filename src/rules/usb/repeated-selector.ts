import { groupBy } from '../../model';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { usbSelectorUses } from '../usb-selectors';
import { fitting } from '../words';

export const repeatedSelector = defineRule({
  code: 'USB201',
  slug: 'usb/repeated-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'one USB device lists the same selector twice',
  why: `
The selectors of a USB resource are taken together: one device for each. virt-handler looks every selector up before it takes anything away,
so the same vendor and product listed twice find the same stick twice, and it is counted and handed over as two.`,
  sources: [
    {
      claim: 'selectors are looked up before devices are removed',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/usb_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'meant as two sticks',
        yaml: exampleFleet(`
devices:
  stick:
    usb:
      selectors:
        - { vendor: "46f4", product: "0001" }
        - «{ vendor: "46F4", product: "1" }»
    resourceName: kubevirt.io/storage
`),
      },
    ],
    good: [
      {
        name: 'one selector',
        yaml: exampleFleet(`
devices:
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      if (device.kind !== 'usb') continue;
      for (const [id, [first, ...others]] of groupBy(usbSelectorUses(device), (use) => use.id)) {
        const [second] = others;
        if (first === undefined || second === undefined) continue;
        yield {
          message: fitting(
            `USB device ${device.name} lists selector ${id} twice`,
            `a USB device lists selector ${id} twice`,
          ),
          primary: { at: second.place, text: 'finds the same USB device again' },
          secondary: [{ at: first.place, text: 'first listed here' }],
          notes: ['virt-handler reads both parts as hexadecimal numbers: case and leading zeros do not matter'],
          help: ['list it once'],
        };
      }
    }
  },
});
