import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import type { DocumentedProblem } from '../rule';

const FREE_DRIVE = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme', free: true }),
  ]),
};

/** An acknowledgement that accepts nothing. */
export const withoutFinding: DocumentedProblem = {
  code: 'SUP911',
  slug: 'acknowledge/without-finding',
  severity: 'warning',
  summary: 'an acknowledgement accepts a finding that is not there',
  why: `
An entry of \`acknowledge\` is a decision with a reason. Where the rule finds nothing the reason is out of date, and the entry would accept
the next finding unread. Where the rule could not judge every node of the pool nothing is said.`,
  sources: [],
  examples: {
    bad: [
      {
        name: 'the inventory knows by now that the drive is free',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage:
    nodes: [node03]
    passthrough:
      - device: nvme
        addresses: ["0000:5e:00.0"]
        acknowledge: { «pci/unknown-host-use»: "lsblk shows no partition on it" }
`),
        files: FREE_DRIVE,
      },
    ],
    good: [
      {
        name: 'nothing to acknowledge',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] }
`),
        files: FREE_DRIVE,
      },
    ],
  },
};
