import { groupBy } from '../../model';
import { nearestName } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { moreMachines } from '../machines';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

export const unknownNode = defineRule({
  code: 'VMI304',
  slug: 'vm/unknown-node',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools'],
  summary: 'a VM is tied to a node that the fleet does not know',
  why: `
\`node\` becomes a nodeSelector on \`kubernetes.io/hostname\`. A node that no pool names is prepared by nobody and provides no device, and a
name that no node has keeps the VM Pending. Where the VM asks for no device and the node is simply not part of the fleet, this
is a warning.`,
  sources: [
    {
      claim: 'a nodeSelector must match the labels of the node',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a digit is missing',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme, externalResourceProvider: true }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme }] }
virtualMachines:
  db:
    node: «node3»
    hostDevices: [{ name: nvme, device: nvme }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'a node of a pool',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme, externalResourceProvider: true }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme }] }
virtualMachines:
  db:
    node: node03
    hostDevices: [{ name: nvme, device: nvme }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const live = new Set(fleet.cluster.current?.flatMap(({ kind, name }) => (kind === 'Node' ? [name] : [])));
    const lost = analysis.machines.filter(
      ({ machine, requests }) =>
        machine.node !== undefined &&
        !analysis.nodeByName.has(machine.node) &&
        // a live node outside the fleet is good enough for a VM without devices
        !(requests.length === 0 && live.has(machine.node)),
    );
    for (const [node = '', machines] of groupBy(lost, ({ machine }) => machine.node)) {
      const [first] = machines;
      if (first === undefined) continue;
      const at = placeAt(first.machine.place, 'node');
      const nearest = nearestName(node, analysis.nodeByName.keys());
      yield {
        ...(machines.some(({ requests }) => requests.length > 0) ? {} : { severity: 'warning' as const }),
        message: fitting(
          `VM ${first.machine.id} is tied to node ${node}, which no pool names`,
          `a VM is tied to node ${node}, which no pool names`,
          'a VM is tied to a node that no pool names',
        ),
        primary: { at, text: 'no pool names this node' },
        notes: moreMachines(machines),
        help: nearest === undefined ? ['name the node in a pool, or correct it here'] : [],
        fixes:
          nearest === undefined
            ? []
            : [{ title: 'use the name of a node of the fleet', safe: false, edits: [{ at, text: nearest }] }],
      };
    }
  },
});
