import { groupBy } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { mediatedUses } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, listed, nodesInWords } from '../words';

export const unorderedTypes = defineRule({
  code: 'MDV205',
  slug: 'mdev/unordered-types',
  severity: 'error',
  needs: [],
  summary: 'KubeVirt is to make several mdev types from one model of card on one node',
  why: `
virt-handler makes one type on each card, and all instances of it that the card has room for. With several wanted types it takes them in
the order of a Go map, which differs from one start to the next: which type a card gets, and so what a node advertises, is
not fixed. The user guide says that the first of the list wins; the code does not do that.`,
  sources: [
    {
      claim: 'the ring of types is filled from a map',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
    { claim: 'matching entries are merged', url: `${KUBEVIRT}/pkg/virt-config/virt-config.go#L315-L348` },
  ],
  examples: {
    bad: [
      {
        name: 'two sizes for the same T4s',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-2q: { mdev: { name: GRID T4-2Q, typeId: nvidia-223, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-2Q }
nodePools:
  vgpu:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q }, { device: «t4-2q» }]
`),
      },
    ],
    good: [
      {
        name: 'a pool for each size',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-2q: { mdev: { name: GRID T4-2Q, typeId: nvidia-223, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-2Q }
nodePools:
  small: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: t4-1q }] }
  large: { nodes: [node02], cpuVendor: intel, mediatedDevices: [{ device: t4-2q }] }
`),
      },
    ],
  },
  *check({ analysis }) {
    const created = mediatedUses(analysis).filter(({ use }) => use.createdBy === 'kubevirt');
    for (const uses of groupBy(created, ({ pool, device }) => `${pool.name} ${device.parent?.id ?? ''}`).values()) {
      const [first, ...others] = uses;
      const second = others.find(({ device }) => device.name !== first?.device.name);
      if (first?.device.parent?.id === undefined || second === undefined) continue;
      const types = listed(uses.map(({ device }) => device.name));
      const where = nodesInWords(first.pool.nodes.map(({ name }) => name));
      yield {
        message: fitting(
          `${types} are to be made from cards ${first.device.parent.id} on ${where}`,
          `several mdev types are to be made from cards ${first.device.parent.id} of one pool`,
        ),
        primary: { at: placeAt(second.use.place, 'device'), text: 'another type for the same cards' },
        secondary: [{ at: placeAt(first.use.place, 'device'), text: 'a type for these cards' }],
        notes: ['virt-handler goes through the wanted types in an order that differs from start to start'],
        help: ['give each type a pool of its own'],
      };
    }
  },
});
