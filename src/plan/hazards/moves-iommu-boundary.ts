import type { NodeState } from '../baseline/baseline';
import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = exampleFleet(`
inventory: inventory/
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
nodePools:
  qat: { nodes: [node01], passthrough: [{ device: qat }] }
`);
const inventory = (group: number): string => `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  cpuVendor: intel
  functions:
    - { address: "0000:03:00.0", class: "0b4000", id: "8086:6f54", driver: vfio-pci, iommuGroup: 21 }
    - { address: "0000:04:00.0", class: "0b4000", id: "8086:6f54", driver: vfio-pci, iommuGroup: ${group} }
`;

export const movesIommuBoundary = defineHazard({
  code: 'PLN506',
  slug: 'plan/moves-iommu-boundary',
  severity: 'warning',
  summary: 'functions that are handed over share an IOMMU group with others than before',
  why: `
All functions of an IOMMU group can be used by one VM only, and KubeVirt's device plugin counts a group once. Firmware, kernel or a card in another slot
decide what is in a group. When the inventory shows other neighbours than before, functions that two VMs could have may become one device, or
the reverse.`,
  sources: [
    { claim: 'a device for each IOMMU group', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go` },
    { claim: 'one device for each group by design', url: 'https://github.com/kubevirt/kubevirt/issues/11412' },
  ],
  examples: {
    bad: [
      {
        name: 'two functions come to share a group',
        before: fleet,
        after: fleet,
        files: { 'inventory/node01.yaml': inventory(22) },
        afterFiles: { 'inventory/node01.yaml': inventory(21) },
        expected: '2 PCI functions have other neighbours in their IOMMU group on 1 node',
      },
    ],
    good: [
      {
        name: 'the kernel counts groups from elsewhere',
        before: fleet,
        after: fleet,
        files: { 'inventory/node01.yaml': inventory(22) },
        afterFiles: { 'inventory/node01.yaml': inventory(23) },
      },
    ],
  },
  *find({ sides, changes }) {
    const earlier = new Map(
      sides.before.baseline.pools.flatMap(({ nodes }) => nodes.map((node) => [node.name, node] as const)),
    );
    const moved = new Map<string, string[]>();
    for (const { nodes } of sides.after.baseline.pools)
      for (const node of nodes) {
        const before = earlier.get(node.name);
        const addresses = before === undefined ? [] : movedOn(before, node);
        if (addresses.length > 0) moved.set(node.name, addresses);
      }
    if (moved.size === 0) return;
    const count = [...moved.values()].reduce((sum, addresses) => sum + addresses.length, 0);
    yield {
      message: `${counted(count, 'PCI function')} ${count === 1 ? 'has' : 'have'} other neighbours in their IOMMU group on ${counted(moved.size, 'node')}`,
      radius: radiusOf(moved.keys(), []),
      notes: [
        shortList([...moved].flatMap(([node, addresses]) => addresses.map((address) => `${address} on ${node}`))),
      ],
      changes: changesOf(changes, 'node')
        .filter(({ name }) => moved.has(name))
        .map(({ key }) => key),
    };
  },
});

/** Functions handed over on both sides whose neighbours among those are others. */
function movedOn(before: NodeState, after: NodeState): string[] {
  const shared = [...before.functions.keys()].filter((address) => {
    const [had, has] = [before.functions.get(address), after.functions.get(address)];
    return had?.group !== undefined && has?.group !== undefined;
  });
  const neighbours = (node: NodeState, address: string): string =>
    shared.filter((other) => node.functions.get(other)?.group === node.functions.get(address)?.group).join(' ');
  return shared.filter((address) => neighbours(before, address) !== neighbours(after, address));
}
