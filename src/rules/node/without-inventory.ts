import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

const howToImport = (node: string): string =>
  `run \`hostdev import LSPCI.txt --node ${node}\` with text from \`lspci -Dnnvv\``;

export const withoutInventory = defineRule({
  code: 'NOD402',
  slug: 'node/without-inventory',
  severity: 'info',
  needs: [],
  absentFrom: ['inventory', 'nodePools'],
  summary: 'a node that is to hand devices over has no inventory',
  why: `
Without an inventory nothing can be said about the node's hardware: neither that a function is there and free, nor how many devices the node
will advertise. Nothing is bound by id in its pool, since the id could match more than what was meant. \`hostdev import\` makes an
inventory of what \`lspci -Dnnvv\` prints on the node.`,
  sources: [{ claim: '`ids=` matches every function with the id', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` }],
  examples: {
    bad: [
      {
        name: 'an address and nothing else',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [«node01»], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
`),
      },
    ],
    good: [
      {
        name: 'a pool that hands nothing over',
        yaml: exampleFleet(`
nodePools:
  general: { nodes: [node01] }
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const blindPools = fleet.nodePools.flatMap((pool) => {
      if (pool.passthrough.length === 0 && pool.mediatedDevices.length === 0) return [];
      const blind = pool.nodes.filter(({ name }) => analysis.nodeByName.get(name)?.inventory === undefined);
      const [first] = blind;
      return first === undefined ? [] : [{ pool, blind, first }];
    });
    const [somewhere, elsewhere] = blindPools;
    if (somewhere !== undefined && elsewhere !== undefined && fleet.inventories.length === 0) {
      const names = blindPools.flatMap(({ blind }) => blind.map(({ name }) => name));
      yield {
        message: `none of the ${names.length} nodes of ${blindPools.length} pools has an inventory`,
        primary: {
          at: somewhere.first.place,
          text: fittingLabel(`what ${somewhere.first.name} holds is not known`, 'not known'),
        },
        secondary: [
          { at: elsewhere.first.place, text: fittingLabel(`nor what ${elsewhere.first.name} holds`, 'nor here') },
        ],
        notes: ['hostdev binds nothing by id in these pools and does not know what their nodes will advertise'],
        help: ['name the folder of inventories under `inventory`', howToImport(somewhere.first.name)],
      };
      return;
    }
    for (const { pool, blind, first } of blindPools) {
      const names = blind.map(({ name }) => name);
      yield {
        message: fitting(
          `${nodesInWords(names)} of pool ${pool.name} ${names.length === 1 ? 'has' : 'have'} no inventory`,
          `${counted(names.length, 'node')} of pool ${pool.name} without an inventory`,
          'nodes of a pool have no inventory',
        ),
        primary: { at: first.place, text: fittingLabel(`what ${first.name} holds is not known`, 'not known') },
        notes: [
          pool.passthrough.some(({ binding }) => binding === 'id')
            ? 'what is bound by id there is not proven, and what these nodes will advertise is not known'
            : 'hostdev binds nothing by id in this pool and does not know what these nodes will advertise',
        ],
        help: [howToImport(first.name)],
      };
    }
  },
});
