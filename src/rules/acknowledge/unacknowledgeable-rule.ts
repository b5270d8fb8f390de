import { exampleFleet } from '../example';
import type { DocumentedProblem } from '../rule';

/** An acknowledgement of a rule that has no exception. */
export const unacknowledgeableRule: DocumentedProblem = {
  code: 'SUP913',
  slug: 'acknowledge/unacknowledgeable-rule',
  severity: 'error',
  summary: 'an acknowledgement names a rule that cannot be acknowledged',
  why: `
Some findings depend on what people know and a capture cannot show; those can be accepted with a reason. Others say that something breaks
whatever anybody knows, the node that loses its boot disk first of all: there is no reason for which that would be right.`,
  sources: [],
  examples: {
    bad: [
      {
        name: 'the boot disk',
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
        acknowledge: { «pci/host-device-bound»: "we know what we do" }
`),
      },
    ],
    good: [
      {
        name: 'a rule that leaves room for what people know',
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
