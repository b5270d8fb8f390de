import type { Analysis } from '../../analysis';
import type { BdfAddress } from '../../model';
import type { Place } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { hostUseInWords, namedByAddress } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting } from '../words';

export const hostAddressListed = defineRule({
  code: 'PCI119',
  slug: 'pci/host-address-listed',
  severity: 'error',
  suppressible: false,
  needs: [],
  manifests: [],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'an address is listed for VMs that the host uses',
  why: `
The fleet lists the address for VMs, and \`hostUse\`, in the pool or in the inventory, says what the host needs it for. One of the two is
wrong. The kernel would let vfio-pci take the device all the same: a root disk, a Ceph OSD or the management NIC is gone from one
moment to the next. This cannot be acknowledged; where the host no longer uses the device, remove the \`hostUse\`.`,
  sources: [
    {
      claim: 'a driver that is told to lets go of any device',
      url: `${LINUX}/Documentation/ABI/testing/sysfs-bus-pci`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a Ceph disk among those to hand over',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    hostUse: [{ addresses: ["0000:5d:00.0"], reason: Ceph OSD }]
    passthrough: [{ device: nvme, addresses: [«"0000:5d:00.0"», "0000:5e:00.0"] }]
`),
        files: {
          'inventory/node03.yaml': exampleInventory('node03', [
            exampleFunction('0000:5d:00.0', '0108', '8086:5845', { group: 30, driver: 'nvme' }),
            exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme', free: true }),
          ]),
        },
      },
      {
        name: 'without an inventory',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    cpuVendor: intel
    hostUse: [{ addresses: ["0000:5d:00.0"], reason: Ceph OSD }]
    passthrough: [{ device: nvme, addresses: { node03: [«"0000:5d:00.0"»] } }]
`),
      },
    ],
    good: [
      {
        name: 'the other disk',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    cpuVendor: intel
    hostUse: [{ addresses: ["0000:5d:00.0"], reason: Ceph OSD }]
    passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }]
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      const members = pool.nodes.map(({ name }) => name);
      for (const passthrough of pool.passthrough) {
        for (const { declared, nodes } of namedByAddress(passthrough, members)) {
          const { address, place } = declared;
          if (address === undefined) continue;
          const uses = nodes.flatMap((node) => usesOf(analysis, node, address));
          const [first] = uses;
          if (first === undefined) continue;
          const others = new Set(uses.map(({ node }) => node)).size - 1;
          const how = `passthrough of ${passthrough.device} takes ${address} on ${first.node}`;
          yield {
            message: fitting(
              `${how}, which the host uses: ${first.reason}`,
              `${how}, which the host uses`,
              `a passthrough takes ${address}, which the host uses`,
            ),
            primary: { at: place, text: 'handed to VMs here' },
            secondary: [{ at: first.place, text: 'kept on the host' }],
            notes: [
              `${address} on ${first.node} is in use: ${first.reason}`,
              ...(others > 0 ? [`the same holds on ${counted(others, 'more node')}`] : []),
            ],
            help: ['remove the address'],
          };
        }
      }
    }
  },
});

interface Use {
  readonly node: string;
  readonly reason: string;
  readonly place: Place;
}

/** What is known of a function, or, where the inventory does not show it, what the pools say of its address. */
function usesOf(analysis: Analysis, node: string, address: BdfAddress): Use[] {
  const known = analysis.nodeByName.get(node);
  const seen = known?.functionByAddress.get(address);
  if (seen !== undefined) {
    return (seen.hostUse ?? []).map((use) => ({ node, reason: hostUseInWords(use), place: use.place }));
  }
  return (known?.pools ?? [])
    .flatMap(({ hostUse }) => hostUse)
    .filter(({ nodes }) => nodes?.includes(node) ?? true)
    .flatMap(({ addresses, reason }) =>
      addresses.filter((one) => one.address === address).map(({ place }) => ({ node, reason, place })),
    );
}
