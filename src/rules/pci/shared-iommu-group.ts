import { groupBy } from '../../model';
import type { AdvertisedResource } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace, inventoryLabels } from '../functions';
import { sharedGroups } from '../iommu-groups';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, nodesInWords } from '../words';

export const sharedIommuGroup = defineRule({
  code: 'PCI104',
  slug: 'pci/shared-iommu-group',
  severity: 'warning',
  needs: ['inventory'],
  manifests: [],
  acknowledgeable: true,
  concerns: ({ analysis }) => analysis.resources.some(({ device }) => device.kind === 'pci'),
  summary: 'functions of one resource share an IOMMU group, so the node advertises fewer than it has',
  why: `
KubeVirt's PCI plugin gives kubelet the IOMMU group's number as device id. Two functions of one resource in one group have one id:
kubelet counts one, and the map from group to address keeps the function that was walked last. The node advertises fewer devices
than it holds, and the others are bound to vfio-pci for nothing. KubeVirt's maintainers call this a limit by design.`,
  sources: [
    {
      claim: 'the device id is the IOMMU group, one address is kept for each',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go#L132-L150`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two T4s behind one switch without isolation',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: «t4» }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
            exampleFunction('0000:66:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'a group for each',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
            exampleFunction('0000:66:00.0', '0302', '10de:1eb8', { group: 28 }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    const sharing = analysis.nodes.filter((node) => sharedGroups(node).size > 0);
    const short = sharing.flatMap(({ advertised }) => advertised.flatMap(withEntry));
    for (const [entry, nodes] of groupBy(short, (one) => one.entry)) {
      const [first] = nodes;
      if (first === undefined) continue;
      const { device, name } = first.advertised.resource;
      yield {
        message:
          nodes.length === 1
            ? fitting(
                `${counted(first.shared.length, 'function')} of ${device.name} on node ${first.advertised.node} share IOMMU group ${first.group}`,
                `${counted(first.shared.length, 'function')} of ${device.name} share IOMMU group ${first.group}`,
                `${counted(first.shared.length, 'function')} of a device share IOMMU group ${first.group}`,
              )
            : fitting(
                `functions of ${device.name} share IOMMU groups on ${nodesInWords(nodes.map((one) => one.advertised.node))}`,
                `functions of ${device.name} share IOMMU groups on ${counted(nodes.length, 'node')}`,
                `functions of a device share IOMMU groups on ${counted(nodes.length, 'node')}`,
              ),
        primary: { at: entryPlace(entry), text: 'each group counts as 1 device' },
        secondary: inventoryLabels(first.shared, () => `in IOMMU group ${first.group}`),
        notes: [
          fittingNote(first.advertised, name ?? device.name),
          ...(nodes.length > 1 ? [`the same holds on ${counted(nodes.length - 1, 'more node')}`] : []),
        ],
        help: ['count such a node by its groups, or move one card behind a port that isolates it'],
        acknowledgeableIn: [entry],
      };
    }
  },
});

function fittingNote({ node, count, functions }: AdvertisedResource, name: string): string {
  const advertises = count === undefined ? 'fewer' : String(count);
  return `virt-handler uses the IOMMU group as device id, so ${node} advertises ${advertises} of \`${name}\`, not ${functions.length}`;
}

/** What a node advertises too little of, with the passthrough entry behind it; one for each resource and node. */
function withEntry(advertised: AdvertisedResource) {
  const { device, server } = advertised.resource;
  if (server !== 'kubevirt') return [];
  const groups = groupBy(
    advertised.functions.filter(({ fact }) => typeof fact.iommuGroup === 'number'),
    ({ fact }) => fact.iommuGroup,
  );
  for (const [group, shared] of groups) {
    const entry = shared[0]?.bindings.find(({ passthrough }) => passthrough.device === device.name)?.passthrough;
    if (shared.length > 1 && entry !== undefined) return [{ advertised, entry, shared, group: group ?? 0 }];
  }
  return [];
}
