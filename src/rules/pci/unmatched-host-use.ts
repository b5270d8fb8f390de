import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { enumerated, fitting, nodesInWords } from '../words';

const INVENTORY = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5d:00.0', '0108', '8086:5845', { group: 30 }),
  ]),
};

export const unmatchedHostUse = defineRule({
  code: 'PCI118',
  slug: 'pci/unmatched-host-use',
  severity: 'error',
  suppressible: false,
  needs: ['inventory'],
  absentFrom: ['inventory'],
  concerns: ({ fleet }) => fleet.nodePools.some(({ hostUse }) => hostUse.length > 0),
  summary: '`hostUse` protects an address at which no node has a function',
  why: `
People state \`hostUse\` for what no capture shows, the boot disk above all. An address that no node has protects nothing: the disk that was
meant can still be handed over. The address is mistyped, or the card has moved since.`,
  sources: [{ claim: 'functions are folders named by their address', url: `${LINUX}/Documentation/PCI/sysfs-pci.rst` }],
  examples: {
    bad: [
      {
        name: 'one digit is wrong',
        yaml: exampleFleet(`
inventory: inventory/
nodePools:
  storage: { nodes: [node03], hostUse: [{ addresses: [«"0000:5b:00.0"»], reason: Ceph OSD }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'the drive that is there',
        yaml: exampleFleet(`
inventory: inventory/
nodePools:
  storage: { nodes: [node03], hostUse: [{ addresses: ["0000:5d:00.0"], reason: Ceph OSD }] }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      for (const { addresses, nodes } of pool.hostUse) {
        const meant = pool.nodes.map(({ name }) => name).filter((name) => nodes?.includes(name) ?? true);
        const known = meant.flatMap((name) => analysis.nodeByName.get(name) ?? []);
        // a node without inventory may be the one that has it
        if (known.length === 0 || known.some(({ inventory }) => inventory === undefined)) continue;
        for (const { address, place } of addresses) {
          if (address === undefined || known.some((node) => node.functionByAddress.has(address))) continue;
          const disks = (known[0]?.functions ?? []).filter(({ fact }) => fact.class?.startsWith('01') === true);
          yield {
            message: fitting(
              `\`hostUse\` names ${address}, and ${nodesInWords(meant)} ${meant.length === 1 ? 'has' : 'have'} no such function`,
              `\`hostUse\` names ${address}, where no node has a function`,
            ),
            primary: { at: place, text: 'protects nothing' },
            notes:
              disks.length === 0
                ? []
                : [
                    `the inventory of ${known[0]?.name ?? ''} shows storage at ${enumerated(disks.map(({ fact }) => fact.address))}`,
                  ],
            help: ['correct the address, or remove it'],
          };
        }
      }
    }
  },
});
