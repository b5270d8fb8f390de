import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { mediatedUses } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const fleetWith = (type: string): string =>
  exampleFleet(`
devices:
  a100: { mdev: { name: ${type}, parent: "10de:20f1" }, resourceName: nvidia.com/A100 }
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: «a100», createdBy: kubevirt }]
`);

/** `GRID A100-1-5C`, `NVIDIA H100-4-40C`: slices of a GPU instance before the memory. */
const MIG_BACKED = /-[1-7]-\d{1,3}[A-Z]{1,3}$/;

export const unmadeGpuInstance = defineRule({
  code: 'MDV293',
  slug: 'mdev/unmade-gpu-instance',
  severity: 'warning',
  needs: [],
  concerns: ({ analysis }) => mediatedUses(analysis).length > 0,
  summary: 'virt-handler is to make a vGPU of a GPU instance, which it does not make',
  why: `
A type such as \`A100-1-5C\` is backed by MIG: the card is in MIG mode and has been cut into GPU instances before a vGPU can be made of one. virt-handler makes vGPUs
and no GPU instances; without them the card offers none of the type. NVIDIA's vgpu-device-manager cuts the card and makes the vGPUs.`,
  sources: [
    {
      claim: 'virt-handler only creates what is available',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
    { claim: 'asked for and not there', url: 'https://github.com/kubevirt/kubevirt/issues/10575' },
  ],
  examples: {
    bad: [{ name: 'made by virt-handler', yaml: fleetWith('GRID A100-1-5C') }],
    good: [{ name: 'a type of the whole card', yaml: fleetWith('GRID A100-5C').replace(/[«»]/g, '') }],
  },
  *check({ analysis }) {
    for (const { use, device } of mediatedUses(analysis)) {
      if (use.createdBy !== 'kubevirt' || !MIG_BACKED.test(device.typeName)) continue;
      yield {
        message: fitting(
          `virt-handler makes no GPU instance for ${device.typeName}`,
          'virt-handler makes no GPU instance for a vGPU',
        ),
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
