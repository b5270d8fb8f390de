import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { vgpuResources } from '../vgpus';
import { fitting } from '../words';

const fleetWith = (version: string, device: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "${version}" } }
devices:
  l40s-4q:
    vgpu: { type: ${device}, parent: "10de:26b9", framework: vendor-vfio }
    resourceName: nvidia.com/L40S-4Q
`);

export const vgpuOnOldKubevirt = defineRule({
  code: 'PCI189',
  slug: 'pci/vgpu-on-old-kubevirt',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.devices.some(({ kind }) => kind === 'vgpu'),
  summary: 'KubeVirt of this version takes no virtual function under the vendor’s driver',
  why: `
Through KubeVirt 1.8 virt-handler takes functions on vfio-pci only. A virtual function that is a vGPU stays on the vendor's driver, so it is passed over in
silence and the resource is never advertised. From 1.9 on those of the driver \`nvidia\` with a vGPU type are taken.`,
  sources: [
    {
      claim: 'taken from 1.9 on',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/nvidia.go',
    },
    { claim: 'not taken before', url: 'https://github.com/kubevirt/kubevirt/issues/17642' },
  ],
  examples: {
    bad: [{ name: 'KubeVirt 1.8', yaml: fleetWith('1.8', '«NVIDIA L40S-4Q»') }],
    good: [{ name: 'KubeVirt 1.9', yaml: fleetWith('1.9', 'NVIDIA L40S-4Q') }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || isAtLeast(version.value, '1.9')) return;
    for (const { resource, device } of vgpuResources(analysis)) {
      if (device.framework === undefined || resource.isExternal) continue;
      yield {
        message: fitting(
          `KubeVirt ${version.value.release} does not hand out vGPU ${device.name}`,
          `KubeVirt ${version.value.release} does not hand out a vGPU`,
        ),
        primary: { at: device.typeNamePlace, text: 'a virtual function under the vendor’s driver' },
        secondary: [{ at: fleet.cluster.kubevirt.place, text: 'KubeVirt takes such functions from 1.9 on' }],
        notes: ['virt-handler passes over functions that are not on vfio-pci'],
        help: ['upgrade KubeVirt to 1.9, or let another device plugin serve it: `externalResourceProvider: true`'],
      };
    }
  },
});
