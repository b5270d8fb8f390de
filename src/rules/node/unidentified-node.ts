import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, nodesInWords } from '../words';

export const unidentifiedNode = defineRule({
  code: 'NOD418',
  slug: 'node/unidentified-node',
  severity: 'info',
  needs: [],
  summary: 'a node is told from others by its host name, not by its product UUID',
  why: `
Rows of the table of functions to bind belong to one node. The product UUID is in the firmware and can be read at once; the host name may come
by DHCP, after the table is read. Then no row matches, nothing is bound, and the unit says so. \`hostdev import\` cannot see the
UUID in text from lspci: read \`/sys/class/dmi/id/product_uuid\` on the node and add it to the inventory.`,
  sources: [{ claim: 'where the UUID comes from', url: `${LINUX}/drivers/firmware/dmi-id.c` }],
  examples: {
    bad: [
      {
        name: 'no UUID in the inventory',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [«node01»], passthrough: [{ device: t4, binding: address }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'with the UUID',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, binding: address }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory(
            'node01',
            [exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 })],
            { productUuid: '4c4c4544-0038-3510-8052-b4c04f4b4d32' },
          ),
        },
      },
    ],
  },
  *check({ fleet, analysis }) {
    const named = new Set(
      analysis.units.flatMap(({ effects }) =>
        effects.rows.flatMap(({ scope }) => (scope.kind === 'host' ? scope.node : [])),
      ),
    );
    for (const pool of fleet.nodePools) {
      // a node without inventory is node/without-inventory
      const nodes = pool.nodes.filter(
        ({ name }) => named.has(name) && analysis.nodeByName.get(name)?.inventory !== undefined,
      );
      const [first] = nodes;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `rows for ${nodesInWords(nodes.map(({ name }) => name))} are found by host name`,
          `rows for ${counted(nodes.length, 'node')} are found by host name`,
        ),
        primary: { at: first.place, text: 'its product UUID is not known' },
        notes: ['a host name that comes by DHCP may not be there yet when the program on the node runs'],
        help: ['add `productUuid` to the inventory, from /sys/class/dmi/id/product_uuid'],
      };
    }
  },
});
