import { exampleFleet } from '../example';
import type { DocumentedProblem } from '../rule';

/** An acknowledgement of a rule that there is not. */
export const unknownRule: DocumentedProblem = {
  code: 'SUP912',
  slug: 'acknowledge/unknown-rule',
  severity: 'error',
  summary: 'an acknowledgement names a rule that there is not',
  why: `
A misspelt name accepts nothing, and the finding that was meant stays. Rules are named by their slug, as the last line of a finding prints
it.`,
  sources: [],
  examples: {
    bad: [
      {
        name: 'a letter is missing',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage:
    nodes: [node03]
    cpuVendor: intel
    passthrough:
      - device: nvme
        addresses: ["0000:5e:00.0"]
        acknowledge: { «pci/unknown-hostuse»: "lsblk shows no partition on it" }
`),
      },
    ],
    good: [
      {
        name: 'as the finding prints it',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage:
    nodes: [node03]
    cpuVendor: intel
    passthrough:
      - device: nvme
        addresses: ["0000:5e:00.0"]
        acknowledge: { pci/unknown-host-use: "lsblk shows no partition on it" }
`),
      },
    ],
  },
};
