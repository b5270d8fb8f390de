import { placeAt } from '../../source';
import { enumerated, fitting, fittingLabel } from '../words';
import { exampleFleet, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { functionsOfCard, sharedUses } from '../vgpus';

const fleetWith = (device: string, type: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
inventory: inventory/
devices:
  l40s-4q: { ${device}, resourceName: nvidia.com/L40S-4Q }
nodePools:
  shares: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: ${type} }] }
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    'address: "0000:65:00.0", class: "0302", id: "10de:26b9", driver: nvidia, totalVfs: 32',
    'address: "0000:65:00.4", class: "0302", id: "10de:26b9", driver: nvidia, physicalFunction: "0000:65:00.0", vgpuTypes: [{ id: "1155", name: NVIDIA L40S-4Q, instances: 1 }]',
  ]),
};

export const contradictedFramework = defineRule({
  code: 'MDV289',
  slug: 'mdev/contradicted-framework',
  severity: 'error',
  needs: ['inventory'],
  concerns: ({ analysis }) => sharedUses(analysis).length > 0,
  summary: 'a vGPU is to be made in a way that the driver on the nodes does not have',
  why: `
With a driver that makes vGPUs of virtual functions there are no mediated devices at all: virt-handler creates none, nothing is advertised, and VMs stay
Pending. The other way round there are no virtual functions with a type. The types that the inventory lists are what the driver offers.`,
  sources: [
    { claim: 'the newer kind has no mediated devices', url: 'https://github.com/kubevirt/kubevirt/issues/17642' },
    { claim: 'one mechanism or the other', url: 'https://github.com/NVIDIA/gpu-operator/issues/2594' },
  ],
  examples: {
    bad: [
      {
        name: 'a mediated device, and a driver without them',
        yaml: fleetWith('mdev: { name: NVIDIA L40S-4Q, parent: "10de:26b9" }', '«l40s-4q»'),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'a vGPU, made as the driver makes it',
        yaml: fleetWith('vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9" }', 'l40s-4q'),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    for (const { pool, use, device } of sharedUses(analysis)) {
      const parent = device.parent?.id;
      if (parent === undefined || (device.kind === 'vgpu' && device.framework === undefined)) continue;
      const wanted = device.kind === 'mdev' ? 'mdevTypes' : 'vgpuTypes';
      const other = device.kind === 'mdev' ? 'vgpuTypes' : 'mdevTypes';
      const lost = pool.nodes.flatMap(({ name }) => {
        const facts = functionsOfCard(analysis, parent, [name]);
        const shown = facts.find((fact) => fact[other] !== undefined);
        return shown !== undefined && facts.every((fact) => fact[wanted] === undefined) ? [{ name, shown }] : [];
      });
      const [first] = lost;
      if (first === undefined) continue;
      const nodes = enumerated(lost.map(({ name }) => name));
      const isMediated = device.kind === 'mdev';
      yield {
        message: fitting(
          `the driver on ${nodes} makes ${device.typeName} no ${isMediated ? 'mediated device' : 'virtual function'}`,
          `the driver makes a vGPU no ${isMediated ? 'mediated device' : 'virtual function'}`,
        ),
        primary: {
          at: placeAt(use.place, 'device'),
          text: isMediated ? 'to be a mediated device' : 'to be a virtual function of the vendor’s driver',
        },
        secondary: [
          {
            at: first.shown.place,
            text: fittingLabel(
              isMediated ? 'offers types of virtual functions' : 'offers types of mediated devices',
              'offers',
            ),
          },
        ],
        notes: [
          isMediated
            ? 'virt-handler creates nothing on a driver without mediated devices'
            : 'no virtual function of this driver has a vGPU type',
        ],
        help: [
          isMediated
            ? 'declare it under `vgpu`, and let the inventory say how it is made'
            : 'remove `framework: vendor-vfio`, or import the inventory anew',
        ],
      };
    }
  },
});
