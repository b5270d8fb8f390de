import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { mediatedUses, lostParents } from '../mediated';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

export const parentPassedThrough = defineRule({
  code: 'MDV207',
  slug: 'mdev/parent-passed-through',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => mediatedUses(analysis).length > 0,
  summary: 'the cards that mediated devices are made from are handed over whole',
  why: `
The parent of a mediated device stays on the vendor's driver, which makes the shares. A card on vfio-pci has no mediated device types:
nothing is created, the resource stays at 0 and VMs that ask for it stay Pending. On one node some cards may be handed over by
address while others are shared; by id, or with every card listed, none is left.`,
  sources: [
    {
      claim: 'the vendor’s driver registers the types',
      url: `${LINUX}/Documentation/driver-api/vfio-mediated-device.rst`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one pool does both with the same cards',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
  t4-1q: { mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: t4 }]
    mediatedDevices: [{ device: «t4-1q» }]
`),
      },
    ],
    good: [
      {
        name: 'one card is handed over, the other is shared',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
  t4-1q: { mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }]
    mediatedDevices: [{ device: t4-1q }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
            exampleFunction('0000:b3:00.0', '0302', '10de:1eb8', { group: 60, driver: 'nvidia' }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    for (const { use, device, entry, nodes } of lostParents(analysis)) {
      const parent = device.parent;
      if (parent?.id === undefined) continue;
      yield {
        message: fitting(
          `no card ${parent.id} is left to make ${device.name} from on ${nodesInWords(nodes)}`,
          `no card ${parent.id} is left to make ${device.name} from`,
        ),
        primary: { at: placeAt(use.place, 'device'), text: 'made from cards that are handed over whole' },
        secondary: [
          { at: entryPlace(entry), text: fittingLabel(`${entry.device} hands the cards over`, 'hands the cards over') },
          { at: parent.place, text: 'the card it is made from' },
        ],
        notes: ["the vendor's driver makes mediated devices, and vfio-pci takes the card from it"],
        help: ['keep them in different pools', 'or list the cards to hand over under `addresses`'],
      };
    }
  },
});
