import type { PciId } from '../../model';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { vgpuResources } from '../vgpus';
import { fitting, fittingLabel } from '../words';

const fleetWith = (second: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
devices:
  l40s-4q:
    vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }
    resourceName: nvidia.com/L40S-4Q
  other:
    vgpu: ${second}
    resourceName: nvidia.com/other
`);

export const secondVgpuType = defineRule({
  code: 'PCI188',
  slug: 'pci/second-vgpu-type',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.devices.filter(({ kind }) => kind === 'vgpu').length > 1,
  summary: 'two vGPU types of one card model are served by KubeVirt',
  why: `
A vGPU of a virtual function is permitted by vendor and device, and all virtual functions of a model have the same. virt-handler does not look at their type: it keeps
one resource name for each id, the last in the list, and serves all of them under it, small ones and large ones alike. So with KubeVirt's own
plugin a card model has one type in a cluster.`,
  sources: [
    {
      claim: 'the type is only tested for being set',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/nvidia.go',
    },
    {
      claim: 'selectors are lower-cased and the last entry wins',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two sizes of one card',
        yaml: fleetWith('{ type: «NVIDIA L40S-8Q», parent: "10de:26b9", framework: vendor-vfio }'),
      },
    ],
    good: [
      {
        name: 'two models',
        yaml: fleetWith('{ type: NVIDIA L4-4Q, parent: "10de:27b8", framework: vendor-vfio }'),
      },
    ],
  },
  *check({ analysis }) {
    const firstById = new Map<PciId, ReturnType<typeof vgpuResources>[number]>();
    for (const one of vgpuResources(analysis)) {
      const { resource, device } = one;
      if (device.framework === undefined || resource.isExternal) continue;
      const ids = device.virtualFunctions.flatMap(({ id }) => id ?? []);
      const first = ids.map((id) => firstById.get(id)).find((other) => other !== undefined);
      for (const id of ids) if (!firstById.has(id)) firstById.set(id, one);
      if (first === undefined) continue;
      const isSame = first.device.typeName === device.typeName;
      yield {
        message: fitting(
          `vGPUs ${first.device.name} and ${device.name} are both served for ${device.parent.text}`,
          `2 vGPUs are served for ${device.parent.text}`,
        ),
        primary: { at: device.typeNamePlace, text: isSame ? 'the same type again' : 'a second type of the card' },
        secondary: [
          { at: first.device.typeNamePlace, text: fittingLabel(`the type of ${first.device.name}`, 'the first') },
        ],
        notes: [
          'virt-handler keeps one resource name for each id, and hands out all virtual functions with a type under it',
        ],
        help: [
          isSame ? 'declare one device' : 'offer one type of each card model',
          'or let another device plugin serve the types apart: `externalResourceProvider: true`',
        ],
      };
    }
  },
});
