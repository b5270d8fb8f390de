import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const selectorListedTwice = defineRule({
  code: 'PCI175',
  slug: 'pci/selector-listed-twice',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'one device lists the same PCI selector twice',
  why: `
virt-handler compares selectors in lower case, so two that differ in case are one. The second does nothing: the id of another card was
meant, or one of the two is left over, and removing it later changes nothing, against what the text says.`,
  sources: [
    {
      claim: 'selectors are lower-cased and the last entry wins',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'in two spellings',
        yaml: exampleFleet(`
devices:
  a100: { pci: ["10de:20b5", «"10DE:20B5"»], resourceName: nvidia.com/a100 }
`),
      },
    ],
    good: [
      {
        name: 'the ids of two cards',
        yaml: exampleFleet(`
devices:
  a100: { pci: ["10de:20b5", "10de:20f1"], resourceName: nvidia.com/a100 }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const device of fleet.devices) {
      if (device.kind !== 'pci') continue;
      const seen = new Map<string, (typeof device.selectors)[number]>();
      for (const selector of device.selectors) {
        const first = selector.id === undefined ? undefined : seen.get(selector.id);
        if (selector.id !== undefined && first === undefined) seen.set(selector.id, selector);
        if (first === undefined) continue;
        yield {
          message: fitting(
            `device ${device.name} lists PCI selector ${selector.text} twice`,
            'a device lists a PCI selector twice',
          ),
          primary: {
            at: selector.place,
            text: first.text === selector.text ? 'listed again' : 'the same in lower case',
          },
          secondary: [{ at: first.place, text: 'first listed here' }],
          help: ['remove one of the two, or correct it'],
        };
      }
    }
  },
});
