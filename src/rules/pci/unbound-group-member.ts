import { groupBy } from '../../model';
import type { AnalysedFunction } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace, inventoryLabels, isHostUsed } from '../functions';
import { groupConflicts } from '../iommu-groups';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, fittingLabel, listed } from '../words';

export const unboundGroupMember = defineRule({
  code: 'PCI106',
  slug: 'pci/unbound-group-member',
  severity: 'error',
  needs: ['inventory'],
  manifests: [],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'an IOMMU group is not wholly bound to vfio-pci',
  why: `
The kernel gives a VM an IOMMU group only when every endpoint in it is on a vfio driver or on none. One sibling on a host driver,
a GPU's audio function for example, and QEMU ends with "group N is not viable, ensure all devices within the iommu_group are
bound". KubeVirt binds nothing itself. Bridges need not be bound.`,
  sources: [
    {
      claim: 'every device of the group is on a vfio driver or on none',
      url: `${LINUX}/Documentation/driver-api/vfio.rst`,
    },
    { claim: 'drivers that leave the group viable say so', url: `${LINUX}/drivers/pci/pcie/portdrv.c` },
  ],
  examples: {
    bad: [
      {
        name: 'a sibling stays on its host driver',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpu: { pci: ["10de:1e04"], resourceName: example.com/gpu }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: «gpu», companions: ["10de:10f7"] }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0300', '10de:1e04', { group: 27 }),
            exampleFunction('0000:65:00.1', '0403', '10de:10f7', { group: 27, driver: 'snd_hda_intel' }),
            exampleFunction('0000:65:00.2', '0c03', '10de:1ad6', { group: 27, driver: 'xhci_hcd' }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'functions of the same slot are bound with it; a bridge need not be',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  gpu: { pci: ["10de:1e04"], resourceName: example.com/gpu }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: gpu }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:64:00.0', '0604', '8086:2030', { group: 27, driver: 'pcieport' }),
            exampleFunction('0000:65:00.0', '0300', '10de:1e04', { group: 27 }),
            exampleFunction('0000:65:00.1', '0403', '10de:10f7', { group: 27, driver: 'snd_hda_intel' }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    const unbound = groupConflicts(analysis).filter(
      ({ member }) => member.bindings.length === 0 && !isHostUsed(member),
    );
    for (const [entry, conflicts] of groupBy(unbound, (conflict) => conflict.entry)) {
      const [first] = conflicts;
      if (first === undefined) continue;
      const { device, member, group } = first;
      const onNode = conflicts.filter((one) => one.device === device).map((one) => one.member);
      const isCertain = conflicts.some((one) => one.member.fact.driver !== undefined);
      yield {
        ...(isCertain ? {} : { severity: 'warning' as const }),
        message: fitting(
          `IOMMU group ${group} on node ${device.node} is not wholly bound: ${member.fact.address} stays on ${driverOf(member)}`,
          `IOMMU group ${group} on node ${device.node} is not wholly bound`,
        ),
        primary: {
          at: entryPlace(entry),
          text: fittingLabel(`binds ${device.fact.address}, not the rest of its group`, 'binds a part of the group'),
        },
        secondary: inventoryLabels(onNode, (one) => `in the group, on ${driverOf(one)}`),
        notes: [
          'the kernel gives a VM no group in which a function is on a host driver',
          ...(isCertain ? [] : ['the inventory does not show which drivers hold these functions']),
          ...moreNodes(conflicts.map((one) => one.member)),
        ],
        help: [
          `add ${listed(onNode.map(({ fact }) => fact.address))} to \`companions\` of this entry, or pass it through`,
        ],
      };
    }
  },
});

function driverOf({ fact }: AnalysedFunction): string {
  return fact.driver ?? 'a driver that is not known';
}

function moreNodes(members: readonly AnalysedFunction[]): string[] {
  const nodes = new Set(members.map(({ node }) => node));
  return nodes.size > 1 ? [`the same holds on ${counted(nodes.size - 1, 'more node')}`] : [];
}
