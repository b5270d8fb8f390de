import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

export const withoutInventory = defineRule({
  code: 'NOD402',
  slug: 'node/without-inventory',
  severity: 'info',
  needs: [],
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
    for (const pool of fleet.nodePools) {
      if (pool.passthrough.length === 0 && pool.mediatedDevices.length === 0) continue;
      const blind = pool.nodes.filter(({ name }) => analysis.nodeByName.get(name)?.inventory === undefined);
      const [first] = blind;
      if (first === undefined) continue;
      const names = blind.map(({ name }) => name);
      yield {
        message: fitting(
          `${nodesInWords(names)} of pool ${pool.name} ${names.length === 1 ? 'has' : 'have'} no inventory`,
          `${counted(names.length, 'node')} of pool ${pool.name} without an inventory`,
          'nodes of a pool have no inventory',
        ),
        primary: { at: first.place, text: fittingLabel(`what ${first.name} holds is not known`, 'not known') },
        notes: ['hostdev binds nothing by id in this pool and does not know what these nodes will advertise'],
        help: [`run \`hostdev import LSPCI.txt --node ${first.name}\` with text from \`lspci -Dnnvv\``],
      };
    }
  },
});
