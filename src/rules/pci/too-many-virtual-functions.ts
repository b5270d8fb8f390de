import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting, nodesInWords } from '../words';

const fleetWith = (entry: string): string =>
  exampleFleet(`
inventory: inventory/
nodePools:
  net: { nodes: [node01], cpuVendor: intel, sriov: [${entry}] }
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    `${exampleFunction('0000:3b:00.0', '0200', '8086:1572', { group: 12, driver: 'i40e' })}, totalVfs: 64`,
  ]),
};

export const tooManyVirtualFunctions = defineRule({
  code: 'PCI191',
  slug: 'pci/too-many-virtual-functions',
  severity: 'error',
  needs: ['inventory'],
  concerns: ({ fleet }) => fleet.nodePools.some(({ sriov }) => sriov.length > 0),
  summary: 'virtual functions are wanted that no card of the nodes can have',
  why: `
A card says in its SR-IOV capability how many virtual functions it can have. The kernel refuses a greater number as a whole, so there is none
at all. Where no card with the id is on a node, nothing is made there.`,
  sources: [{ claim: 'a number beyond the total is refused', url: `${LINUX}/drivers/pci/pci-sysfs.c` }],
  examples: {
    bad: [
      {
        name: 'more than the card has',
        yaml: fleetWith('{ parent: "8086:1572", numVfs: «128» }'),
        files: INVENTORY,
      },
      {
        name: 'a card that is not there',
        yaml: fleetWith('{ parent: «"8086:159b"», numVfs: 4 }'),
        files: INVENTORY,
      },
    ],
    good: [
      { name: 'as many as there can be', yaml: fleetWith('{ parent: "8086:1572", numVfs: 64 }'), files: INVENTORY },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      const nodes = pool.nodes.flatMap(({ name }) => {
        const node = analysis.nodeByName.get(name);
        return node?.inventory === undefined ? [] : [node];
      });
      if (nodes.length === 0) continue;
      for (const { parent, numVfs, place } of pool.sriov) {
        if (parent.id === undefined) continue;
        const cards = nodes.flatMap(({ name, functions }) =>
          functions
            .filter(({ fact }) => fact.id === parent.id && fact.physicalFunction === undefined)
            .map(({ fact }) => ({ name, fact })),
        );
        if (cards.length === 0) {
          if (nodes.length < pool.nodes.length) continue;
          yield {
            message: fitting(
              `no node of pool ${pool.name} holds a card ${parent.text} for virtual functions`,
              'no node of a pool holds the card that virtual functions are wanted of',
            ),
            primary: { at: parent.place, text: 'no inventory shows such a function' },
            help: ['correct the id or the pool, or import the inventory anew'],
          };
          continue;
        }
        const small = cards.filter(({ fact }) => fact.totalVfs !== undefined && fact.totalVfs < numVfs);
        const [first] = small;
        if (first === undefined) continue;
        yield {
          message: fitting(
            `${first.fact.address} on ${first.name} can have ${first.fact.totalVfs ?? 0} virtual functions, not ${numVfs}`,
            `a card can have ${first.fact.totalVfs ?? 0} virtual functions, not ${numVfs}`,
          ),
          primary: { at: placeAt(place, 'numVfs'), text: 'more than the card can have' },
          secondary: [{ at: first.fact.place, text: `can have ${first.fact.totalVfs ?? 0}` }],
          notes: [
            'the kernel refuses the number, and the card has no virtual function',
            ...(small.length > 1
              ? [`the same holds for ${small.length} cards on ${nodesInWords(small.map(({ name }) => name))}`]
              : []),
          ],
          help: ['write a number that every card of the pool can have'],
        };
      }
    }
  },
});
