import { groupBy } from '../../model';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { usbSelectorUses } from '../usb-selectors';
import { fitting, fittingLabel } from '../words';

export const overlappingSelector = defineRule({
  code: 'USB202',
  slug: 'usb/overlapping-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two USB devices share a selector',
  why: `
virt-handler claims USB devices greedily, resource by resource in the order of the list. What the first resource has claimed is gone for the
second, so the second is advertised with what is left, usually nothing, and VMs that ask for it stay Pending.`,
  sources: [
    { claim: 'devices are claimed in list order', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/usb_device.go` },
  ],
  examples: {
    bad: [
      {
        name: 'one stick for two resources',
        yaml: exampleFleet(`
devices:
  backup: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: example.com/backup }
  stick: { usb: { selectors: [«{ vendor: "46f4", product: "0001" }»] }, resourceName: example.com/stick }
`),
      },
    ],
    good: [
      {
        name: 'two products',
        yaml: exampleFleet(`
devices:
  backup: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: example.com/backup }
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0002" }] }, resourceName: example.com/stick }
`),
      },
    ],
  },
  *check({ fleet }) {
    const uses = fleet.devices.flatMap((device) =>
      device.kind === 'usb' && !device.externalResourceProvider ? usbSelectorUses(device) : [],
    );
    for (const [id, [first, ...others]] of groupBy(uses, (use) => use.id)) {
      for (const { device, place } of others) {
        // the same selector twice in one device is usb/repeated-selector
        if (first === undefined || device === first.device) continue;
        yield {
          message: fitting(
            `USB selector ${id} is used by ${first.device.name} and by ${device.name}`,
            `USB selector ${id} is used by 2 devices`,
          ),
          primary: { at: place, text: fittingLabel(`used again for ${device.name}`, 'used again') },
          secondary: [{ at: first.place, text: fittingLabel(`first used for ${first.device.name}`, 'first used') }],
          notes: ['virt-handler claims USB devices in the order of the list, so one of them gets what is left'],
          help: ['declare one device, or select different products'],
        };
      }
    }
  },
});
