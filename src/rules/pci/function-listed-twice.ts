import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { groupBy, type DeclaredAddress } from '../../model';
import { entryPlace, functionInWords, listedAddresses, listedPlace } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
    exampleFunction('0000:b3:00.0', '0302', '10de:1eb8', { group: 60 }),
  ]),
};

export const functionListedTwice = defineRule({
  code: 'PCI115',
  slug: 'pci/function-listed-twice',
  severity: 'warning',
  needs: ['inventory'],
  concerns: ({ fleet }) =>
    fleet.nodePools.some(
      ({ passthrough }) =>
        passthrough.length > 1 || passthrough.some(({ addresses }) => addresses.kind !== 'all-matching'),
    ),
  summary: 'a pool hands over the same function of a device twice',
  why: `
A function is bound once. Where a list or two entries of one pool name it twice, one of the two does nothing, and removing that one later changes nothing
either, against what the text says.`,
  sources: [{ claim: 'a function has one driver', url: `${LINUX}/Documentation/ABI/testing/sysfs-bus-pci` }],
  examples: {
    bad: [
      {
        name: 'once by address and once with all others',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }, { device: «t4» }]
`),
        files: INVENTORY,
      },
      {
        name: 'twice in one list',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, addresses: ["0000:b3:00.0", «"0000:B3:00.0"»] }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'different functions',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }, { device: t4, addresses: ["0000:b3:00.0"] }]
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const entry of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      const seen = new Map<string, DeclaredAddress>();
      for (const { declared, nodes } of listedAddresses(entry, [])) {
        if (declared.address === undefined) continue;
        const key = `${nodes.join(' ')} ${declared.address}`;
        const first = seen.get(key);
        if (first === undefined) seen.set(key, declared);
        else {
          yield {
            message: `${declared.address} is listed twice`,
            primary: { at: declared.place, text: 'listed again' },
            secondary: [{ at: first.place, text: 'first listed here' }],
            help: ['remove one of the two, or correct it'],
          };
        }
      }
    }
    const doubles = analysis.nodes.flatMap(({ functions }) =>
      functions.flatMap((one) => {
        if (one.bindings.length < 2) return [];
        const [first, second] = one.bindings.filter(({ role }) => role === 'device');
        if (first === undefined || second === undefined) return [];
        // a node in two pools, and two devices with one id, are findings of their own
        const isSame = first.pool === second.pool && first.passthrough.device === second.passthrough.device;
        return isSame ? [{ one, first: first.passthrough, second: second.passthrough }] : [];
      }),
    );
    for (const [second, functions] of groupBy(doubles, (double) => double.second)) {
      const [double] = functions;
      if (double === undefined) continue;
      const { one, first } = double;
      const { address } = one.fact;
      yield {
        message: fitting(`${functionInWords(one)} is handed over twice`, `${address} is handed over twice`),
        primary: { at: listedPlace(second, one.node, address) ?? entryPlace(second), text: 'handed over again here' },
        secondary: [{ at: listedPlace(first, one.node, address) ?? entryPlace(first), text: 'first handed over here' }],
        notes: functions.length > 1 ? [`the same holds for ${counted(functions.length - 1, 'more function')}`] : [],
        help: ['remove one of the entries'],
      };
    }
  },
});
