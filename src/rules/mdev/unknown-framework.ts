import { exampleFleet, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { functionsOfCard, vgpuResources } from '../vgpus';
import { fitting } from '../words';

const fleetWith = (vgpu: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
inventory: inventory/
devices:
  l40s-4q: { vgpu: ${vgpu}, resourceName: nvidia.com/L40S-4Q }
nodePools:
  shares: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: l40s-4q, count: 4 }] }
`);

const CARD = 'address: "0000:65:00.0", class: "0302", id: "10de:26b9", driver: nvidia, totalVfs: 32';

const withTypes = (types: string): string =>
  exampleInventory('node01', [
    CARD,
    `address: "0000:65:00.4", class: "0302", id: "10de:26b9", driver: nvidia, physicalFunction: "0000:65:00.0"${types}`,
  ]);

export const unknownFramework = defineRule({
  code: 'MDV288',
  slug: 'mdev/unknown-framework',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.devices.some(({ kind }) => kind === 'vgpu'),
  summary: 'nobody has said how the driver makes a vGPU',
  why: `
The same card has mediated devices under one driver branch and kernel, and SR-IOV virtual functions with a vGPU type under another. KubeVirt permits the first
as \`mediatedDevices\` and the second as \`pciHostDevices\`. The fleet says it with \`framework\`, or the inventory shows which types the driver
offers; without either nothing can be permitted.`,
  sources: [
    { claim: 'the newer kind has no mediated devices', url: 'https://github.com/kubevirt/kubevirt/issues/17642' },
    {
      claim: 'virtual functions with a vGPU type are handed out as PCI devices',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/nvidia.go',
    },
  ],
  examples: {
    bad: [
      {
        name: 'the inventory shows the card and no types',
        yaml: fleetWith('{ type: «NVIDIA L40S-4Q», parent: "10de:26b9" }'),
        files: { 'inventory/node01.yaml': exampleInventory('node01', [CARD]) },
      },
    ],
    good: [
      {
        name: 'said by the fleet',
        yaml: fleetWith('{ type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }'),
        files: { 'inventory/node01.yaml': exampleInventory('node01', [CARD]) },
      },
      {
        name: 'shown by the inventory',
        yaml: fleetWith('{ type: NVIDIA L40S-4Q, parent: "10de:26b9" }'),
        files: {
          'inventory/node01.yaml': withTypes(', vgpuTypes: [{ id: "1155", name: NVIDIA L40S-4Q, instances: 1 }]'),
        },
      },
    ],
  },
  *check({ analysis }) {
    const nodes = analysis.nodes.map(({ name }) => name);
    for (const { device } of vgpuResources(analysis)) {
      if (device.framework !== undefined) continue;
      const facts = device.parent.id === undefined ? [] : functionsOfCard(analysis, device.parent.id, nodes);
      const asMediated = facts.find(({ mdevTypes }) => mdevTypes !== undefined);
      const asFunction = facts.find(({ vgpuTypes }) => vgpuTypes !== undefined);
      const differ = asMediated !== undefined && asFunction !== undefined;
      yield {
        message: fitting(
          differ
            ? `inventories differ in how the driver makes ${device.typeName}`
            : `how the driver makes ${device.typeName} is not known`,
          differ ? 'inventories differ in how the driver makes a vGPU' : 'how the driver makes a vGPU is not known',
        ),
        primary: { at: device.typeNamePlace, text: 'no `framework`, and no inventory that shows it' },
        secondary: differ
          ? [
              { at: asMediated.place, text: 'as mediated devices' },
              { at: asFunction.place, text: 'as virtual functions' },
            ]
          : [],
        help: [
          'add `framework: mdev` or `framework: vendor-vfio`',
          'or import the inventory while the vGPU driver is loaded',
        ],
      };
    }
  },
});
