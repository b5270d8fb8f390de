import { groupBy } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace, functionInWords, hostUsesInWords, isHostUsed } from '../functions';
import { groupConflicts } from '../iommu-groups';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, fitting, fittingLabel } from '../words';

export const hostUsedGroupMember = defineRule({
  code: 'PCI107',
  slug: 'pci/host-used-group-member',
  severity: 'error',
  suppressible: false,
  needs: ['inventory'],
  manifests: [],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'a function handed to VMs shares its IOMMU group with one that the host uses',
  why: `
An IOMMU group goes to a VM as a whole: every endpoint in it has to leave its host driver. Where one of them is the root disk, the
management NIC or anything else that the host depends on, the group can either not be used (the member stays, and QEMU ends with
"group N is not viable") or the host loses what it needs. Neither is what anybody wants, so hostdev refuses both.`,
  sources: [
    {
      claim: 'every device of the group is on a vfio driver or on none',
      url: `${LINUX}/Documentation/driver-api/vfio.rst`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a GPU in the group of the root disk',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: «t4» }]
    hostUse: [{ addresses: ["0000:66:00.0"], reason: root disk }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
            exampleFunction('0000:66:00.0', '0108', '8086:5845', { group: 27, driver: 'nvme' }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'a group of its own',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4 }]
    hostUse: [{ addresses: ["0000:66:00.0"], reason: root disk }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
            exampleFunction('0000:66:00.0', '0108', '8086:5845', { group: 28, driver: 'nvme' }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    const used = groupConflicts(analysis).filter(
      // a companion in use is pci/host-device-bound
      ({ member }) => isHostUsed(member) && member.bindings.length === 0,
    );
    for (const [entry, conflicts] of groupBy(used, (conflict) => conflict.entry)) {
      const [first] = conflicts;
      if (first === undefined) continue;
      const { device, member, group } = first;
      const use = member.hostUse?.[0];
      const nodes = new Set(conflicts.map((one) => one.member.node));
      yield {
        message: fitting(
          `${device.fact.address} shares IOMMU group ${group} with ${functionInWords(member)}, which the host uses`,
          `${functionInWords(device)} shares its IOMMU group with a function that the host uses`,
          `${device.fact.address} shares its IOMMU group with a function that the host uses`,
        ),
        primary: {
          at: entryPlace(entry),
          text: fittingLabel(`hands over ${device.fact.address}, and with it the group`, 'hands over the whole group'),
        },
        secondary: [
          { at: device.fact.place, text: `in IOMMU group ${group}` },
          { at: member.fact.place, text: `in IOMMU group ${group} too` },
          ...(use === undefined ? [] : [{ at: use.place, text: 'the host uses it' }]),
        ],
        notes: [
          `${functionInWords(member)} is in use: ${hostUsesInWords(member)}`,
          'the kernel gives a VM no group in which a function is on a host driver',
          ...(nodes.size > 1 ? [`the same holds on ${counted(nodes.size - 1, 'more node')}`] : []),
        ],
        help: ['leave this card to the host, or move it to a slot with an IOMMU group of its own'],
      };
    }
  },
});
