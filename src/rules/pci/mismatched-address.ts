import { selectorIds } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { functionInWords, inventoryLabels, isHostUsed, listedAddresses } from '../functions';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, enumerated, fitting, fittingLabel } from '../words';

const INVENTORY = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5d:00.0', '0108', '144d:a80a', { group: 30, free: true }),
    exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, free: true }),
  ]),
};

export const mismatchedAddress = defineRule({
  code: 'PCI109',
  slug: 'pci/mismatched-address',
  severity: 'error',
  suppressible: false,
  needs: ['inventory'],
  manifests: [],
  concerns: ({ fleet }) =>
    fleet.nodePools.some(({ passthrough }) => passthrough.some(({ addresses }) => addresses.kind !== 'all-matching')),
  summary: 'the function at an address has another id than the device',
  why: `
KubeVirt finds devices by id alone. A function with another id would be bound to vfio-pci and lost to the host, and never offered to
a VM. The program that hostdev puts on the node refuses such a row for the same reason: a card has moved, or the address is not the
one that was meant.`,
  sources: [{ claim: 'devices are found by id', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go` }],
  examples: {
    bad: [
      {
        name: 'the neighbour is another model',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: [«"0000:5d:00.0"»] }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'the model that the device selects',
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
      const members = pool.nodes.map(({ name }) => name);
      for (const passthrough of pool.passthrough) {
        const ids = selectorIds(analysis.deviceByName.get(passthrough.device));
        if (ids.length === 0) continue;
        for (const { declared, nodes } of listedAddresses(passthrough, members)) {
          const { address, place } = declared;
          if (address === undefined) continue;
          const others = nodes
            .flatMap((node) => analysis.nodeByName.get(node)?.functionByAddress.get(address) ?? [])
            // what the host uses is pci/host-device-bound, and the cure is the same
            .filter((one) => one.fact.id !== undefined && !ids.includes(one.fact.id) && !isHostUsed(one));
          const [first] = others;
          if (first === undefined) continue;
          yield {
            message: fitting(
              `${functionInWords(first)} is ${first.fact.id ?? ''}, which ${passthrough.device} does not select`,
              `${first.fact.address} is ${first.fact.id ?? ''}, which ${passthrough.device} does not select`,
              `${first.fact.address} is ${first.fact.id ?? ''}, which the device does not select`,
            ),
            primary: {
              at: place,
              text: fittingLabel(`${passthrough.device} selects ${enumerated(ids)}`, 'the device selects other ids'),
            },
            secondary: inventoryLabels(others.slice(0, 1), ({ fact }) => `id ${fact.id ?? 'unknown'}`),
            notes: others.length > 1 ? [`the same holds on ${counted(others.length - 1, 'more node')}`] : [],
          };
        }
      }
    }
  },
});
