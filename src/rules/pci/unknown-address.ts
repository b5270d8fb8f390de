import type { Analysis } from '../../analysis';
import { selectorIds } from '../../analysis';
import { parseBdfAddress, type BdfAddress, type NodePool, type Passthrough } from '../../model';
import type { Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { listedAddresses } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { enumerated, fitting, fittingLabel, nodesInWords } from '../words';

const INVENTORY = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5d:00.0', '0108', '8086:5845', { group: 30, free: true }),
    exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, free: true }),
  ]),
};

export const unknownAddress = defineRule({
  code: 'PCI108',
  slug: 'pci/unknown-address',
  severity: 'error',
  needs: ['inventory'],
  manifests: [],
  absentFrom: ['inventory'],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.some(namesAddresses)),
  summary: 'an address is not in the inventory of the node',
  why: `
Node preparation binds the address that the fleet names, after it has checked what is there. Where the node has no function at
this address nothing is bound, and the unit on the node fails. Addresses change when cards move, when firmware is updated, and when
slots are split: read the inventory anew before correcting the fleet.`,
  sources: [{ claim: 'functions are folders named by their address', url: `${LINUX}/Documentation/PCI/sysfs-pci.rst` }],
  examples: {
    bad: [
      {
        name: 'a drive that is not there',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: [«"0000:5f:00.0"»] }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'a drive that is there',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      for (const passthrough of pool.passthrough) {
        for (const { address, nodes, place, isCompanion } of namedAddresses(pool, passthrough)) {
          const without = nodes.filter((node) => {
            const known = analysis.nodeByName.get(node);
            return known?.inventory !== undefined && !known.functionByAddress.has(address);
          });
          const [first] = without;
          // a companion need not be on every node: only one that no node has is a mistake
          if (first === undefined || (isCompanion && without.length < nodes.length)) continue;
          yield {
            message: fitting(
              `${nodesInWords(without)} ${without.length === 1 ? 'has' : 'have'} no PCI function at ${address}`,
              without.length === 1
                ? `a node has no PCI function at ${address}`
                : `${without.length} nodes have no PCI function at ${address}`,
            ),
            primary: { at: place, text: fittingLabel(`not in the inventory of ${first}`, 'not in the inventory') },
            notes: [likeFunctions(analysis, passthrough, first)],
          };
        }
      }
    }
  },
});

function namesAddresses({ addresses, companions }: Passthrough): boolean {
  return addresses.kind !== 'all-matching' || (companions ?? []).length > 0;
}

interface NamedAddress {
  readonly address: BdfAddress;
  readonly nodes: readonly string[];
  readonly place: Place;
  readonly isCompanion: boolean;
}

function namedAddresses(pool: NodePool, passthrough: Passthrough): NamedAddress[] {
  const members = pool.nodes.map(({ name }) => name);
  const listed = listedAddresses(passthrough, members).flatMap(({ declared, nodes }) =>
    declared.address === undefined
      ? []
      : [
          {
            address: declared.address,
            nodes: nodes.filter((node) => members.includes(node)),
            place: declared.place,
            isCompanion: false,
          },
        ],
  );
  const companions = (passthrough.companions ?? []).flatMap(({ text, place }) => {
    const parsed = parseBdfAddress(text);
    return parsed.ok ? [{ address: parsed.value, nodes: members, place, isCompanion: true }] : [];
  });
  return [...listed, ...companions];
}

function likeFunctions(analysis: Analysis, passthrough: Passthrough, node: string): string {
  const device = analysis.deviceByName.get(passthrough.device);
  const ids = new Set<string>(selectorIds(device));
  const like = (analysis.nodeByName.get(node)?.functions ?? []).filter(
    ({ fact }) => fact.id !== undefined && ids.has(fact.id),
  );
  if (like.length === 0) return `the inventory of ${node} shows no function that ${passthrough.device} selects`;
  return `the inventory of ${node} shows ${passthrough.device} at ${enumerated(like.map(({ fact }) => fact.address))}`;
}
