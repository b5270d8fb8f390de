import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { sharedUses } from '../vgpus';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27, driver: 'nvidia' }),
  ]),
};

export const absentParent = defineRule({
  code: 'MDV208',
  slug: 'mdev/absent-parent',
  severity: 'error',
  needs: ['inventory'],
  absentFrom: ['devices', 'nodePools', 'inventory'],
  concerns: ({ analysis }) => sharedUses(analysis).some(({ device }) => device.parent !== undefined),
  summary: 'no node of a pool holds the card that its mediated devices are made from',
  why: `
A mediated device is made from a card whose driver offers the type. The inventory of every node of the pool shows no function with the id of
\`parent\`: nothing can be made, and VMs that ask for the type stay Pending.`,
  sources: [
    {
      claim: 'types are taken from the cards that are there',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'another card than the one in the node',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  a40-4q: { mdev: { name: NVIDIA A40-4Q, parent: "10de:2235" }, resourceName: nvidia.com/NVIDIA_A40-4Q }
nodePools:
  vgpu: { nodes: [node01], mediatedDevices: [{ device: «a40-4q» }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'the card in the node',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  vgpu: { nodes: [node01], mediatedDevices: [{ device: t4-1q }] }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    for (const { pool, use, device } of sharedUses(analysis)) {
      const parent = device.parent;
      if (parent?.id === undefined || pool.nodes.length === 0) continue;
      const nodes = pool.nodes.map(({ name }) => analysis.nodeByName.get(name));
      if (nodes.some((node) => node?.inventory === undefined)) continue;
      if (nodes.some((node) => node?.functions.some(({ fact }) => fact.id === parent.id))) continue;
      yield {
        message: fitting(
          `no node of pool ${pool.name} holds a card ${parent.id} to make ${device.name} from`,
          `no node of the pool holds a card ${parent.id} to make ${device.name} from`,
          `no node of a pool holds a card ${parent.id} to make mediated devices from`,
        ),
        primary: { at: placeAt(use.place, 'device'), text: 'nothing to make it from' },
        secondary: [{ at: parent.place, text: 'the card it is made from' }],
        help: ['correct `parent` or the pool, or import the inventory anew'],
      };
    }
  },
});
