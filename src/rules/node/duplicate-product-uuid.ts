import { groupBy } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting, listed } from '../words';

const UUID = '4c4c4544-0038-3510-8052-b4c04f4b4d32';

export const duplicateProductUuid = defineRule({
  code: 'NOD413',
  slug: 'node/duplicate-product-uuid',
  severity: 'error',
  suppressible: false,
  needs: [],
  summary: 'two nodes have the same product UUID',
  why: `
The table of functions to bind is keyed by the machine's product UUID, because its name may not be known that early in the boot. Two nodes with
one UUID would each take the rows of the other. A file was copied, or the firmware of the machines was never given a
UUID of its own.`,
  sources: [{ claim: 'where the UUID comes from', url: `${LINUX}/drivers/firmware/dmi-id.c` }],
  examples: {
    bad: [
      {
        name: 'a copied inventory',
        yaml: exampleFleet(`
inventory: inventory/
nodePools:
  gpu: { nodes: [node01, node02] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [], { productUuid: UUID }),
          'inventory/node02.yaml': exampleInventory('node02', [], { productUuid: `«${UUID}»` }),
        },
      },
    ],
    good: [
      {
        name: 'a UUID each',
        yaml: exampleFleet(`
inventory: inventory/
nodePools:
  gpu: { nodes: [node01, node02] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [], { productUuid: UUID }),
          'inventory/node02.yaml': exampleInventory('node02', [], {
            productUuid: '4c4c4544-0038-3510-8052-b4c04f4b4d33',
          }),
        },
      },
    ],
  },
  *check({ fleet }) {
    const known = fleet.inventories.filter(({ productUuid }) => productUuid !== undefined);
    for (const [uuid, inventories] of groupBy(known, ({ productUuid }) => productUuid)) {
      const [first, second] = inventories;
      if (first === undefined || second === undefined) continue;
      yield {
        message: fitting(
          `nodes ${listed(inventories.map(({ node }) => node))} have the same product UUID`,
          `${inventories.length} nodes have product UUID ${uuid ?? ''}`,
        ),
        primary: { at: placeAt(second.place, 'spec', 'productUuid'), text: 'the same UUID again' },
        secondary: [{ at: placeAt(first.place, 'spec', 'productUuid'), text: 'first found here' }],
        notes: ['the program on the node finds its rows by the product UUID'],
        help: ['import the inventory anew, or leave the UUID out where the firmware has no real one'],
      };
    }
  },
});
