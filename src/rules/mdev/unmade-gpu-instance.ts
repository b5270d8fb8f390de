import type { Analysis } from '../../analysis';
import type { MediatedDeviceUse } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const fleetWith = (type: string, createdBy = 'kubevirt'): string =>
  exampleFleet(`
devices:
  a100: { mdev: { name: ${type}, typeId: nvidia-474, parent: "10de:20f1" }, resourceName: nvidia.com/A100 }
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: «a100», createdBy: ${createdBy} }]
`);

/** `GRID A100-1-5C`, `NVIDIA H100-4-40C`: slices of a GPU instance before the memory. */
const MIG_BACKED = /-[1-7]-\d{1,3}[A-Z]{1,3}$/;

export const unmadeGpuInstance = defineRule({
  code: 'MDV293',
  slug: 'mdev/unmade-gpu-instance',
  severity: 'warning',
  needs: [],
  concerns: ({ analysis }) => vgpuUses(analysis).length > 0,
  summary: 'a vGPU of a GPU instance is asked for where nothing makes the instance',
  why: `
A type such as \`A100-1-5C\` is backed by MIG: the card is in MIG mode and has been cut into GPU instances before a vGPU can be made of one. virt-handler makes vGPUs
and no GPU instances, and so does the program that \`createdBy: host\` puts on the node; without them the card offers none of the type. NVIDIA's vgpu-device-manager cuts the card and makes the vGPUs.`,
  sources: [
    {
      claim: 'virt-handler only creates what is available',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
    { claim: 'asked for and not there', url: 'https://github.com/kubevirt/kubevirt/issues/10575' },
  ],
  examples: {
    bad: [
      { name: 'made by virt-handler', yaml: fleetWith('GRID A100-1-5C') },
      { name: 'made on the host', yaml: fleetWith('GRID A100-1-5C', 'host') },
    ],
    good: [{ name: 'a type of the whole card', yaml: fleetWith('GRID A100-5C').replace(/[«»]/g, '') }],
  },
  *check({ analysis }) {
    for (const { use, typeName } of vgpuUses(analysis)) {
      const maker = MAKERS.get(use.createdBy);
      if (maker === undefined || !MIG_BACKED.test(typeName)) continue;
      yield {
        message: fitting(`${maker} makes no GPU instance for ${typeName}`, `${maker} makes no GPU instance for a vGPU`),
        primary: { at: placeAt(use.place, 'device'), text: 'a vGPU of a GPU instance' },
        notes: ['the card offers the type once it is in MIG mode and has been cut into GPU instances'],
        help: [
          'write `createdBy: vgpu-device-manager`, which does both',
          'or make the GPU instances on the host at every boot',
        ],
      };
    }
  },
});

/** Who makes vGPUs, and nothing that they need before. */
const MAKERS: ReadonlyMap<string, string> = new Map([
  ['kubevirt', 'virt-handler'],
  ['host', 'the host'],
]);

/** What pools say of vGPUs of either kind, with the type's name. */
function vgpuUses({ fleet, deviceByName }: Analysis): { readonly use: MediatedDeviceUse; readonly typeName: string }[] {
  return fleet.nodePools.flatMap(({ mediatedDevices }) =>
    mediatedDevices.flatMap((use) => {
      const device = deviceByName.get(use.device);
      return device?.kind === 'mdev' || device?.kind === 'vgpu' ? [{ use, typeName: device.typeName }] : [];
    }),
  );
}
