import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

const fleetWith = (place: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  hba: { pci: ["1000:005d"], resourceName: example.com/hba }
nodePools:
  storage:
    nodes: [node03]
    passthrough: [{ device: ${place}, addresses: ["0000:02:00.0"] }]
`);

const reserving = (type: string): Record<string, string> => ({
  'inventory/node03.yaml': exampleInventory(
    'node03',
    [
      `${exampleFunction('0000:02:00.0', '0104', '1000:005d', { group: 30, free: true })}, reservedRegions: [{ type: ${type}, start: "0x7b800000", end: "0x7b80ffff" }]`,
    ],
    { productUuid: '4c4c4544-0042-4a10-8057-b3c04f4d3732' },
  ),
});

export const reservedRegion = defineRule({
  code: 'PCI135',
  slug: 'pci/reserved-region',
  severity: 'error',
  needs: ['inventory'],
  manifests: [],
  summary: 'the firmware keeps memory for a device that is handed over',
  why: `
Some firmware, of HP servers above all, goes on talking to a device through memory that it reserved for it (an RMRR). The kernel shows that memory as a
reserved region of type \`direct\` of the device's IOMMU group, and gives no such device to a VM: "Device is ineligible for IOMMU domain attach due to platform
RMRR requirement". Regions of type \`direct-relaxable\`, as graphics and USB have them, do no harm. The vendor's tools turn the reservation off.`,
  sources: [
    {
      claim: 'a device with a direct region is not attached',
      url: `${LINUX}/drivers/iommu/iommu.c`,
    },
    {
      claim: 'the types of regions',
      url: `${LINUX}/Documentation/ABI/testing/sysfs-kernel-iommu_groups`,
    },
  ],
  examples: {
    bad: [{ name: 'a controller that the firmware manages', yaml: fleetWith('«hba»'), files: reserving('direct') }],
    good: [{ name: 'a region that may be given up', yaml: fleetWith('hba'), files: reserving('direct-relaxable') }],
  },
  *check({ fleet, analysis }) {
    for (const passthrough of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      const reserved = boundBy(analysis, passthrough, 'either').filter(({ fact }) =>
        fact.reservedRegions?.some(({ type }) => type === 'direct'),
      );
      const [first] = reserved;
      const region = first?.fact.reservedRegions?.find(({ type }) => type === 'direct');
      if (first === undefined || region === undefined) continue;
      yield {
        message: fitting(
          `the firmware keeps memory for ${functionInWords(first)}, which is handed over`,
          'the firmware keeps memory for a function that is handed over',
        ),
        primary: { at: entryPlace(passthrough), text: 'no VM can have it' },
        secondary: inventoryLabels(reserved, () => `${region.start} to ${region.end} is reserved`, 1),
        notes: [
          'the kernel gives no device with a direct region to a VM (RMRR)',
          ...(reserved.length > 1 ? [`the same holds for ${counted(reserved.length - 1, 'more function')}`] : []),
        ],
        help: ["turn the reservation off with the vendor's tools, or hand over another device"],
      };
    }
  },
});
