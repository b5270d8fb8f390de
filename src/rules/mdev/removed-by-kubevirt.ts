import { liveMediatedSettings } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { mediatedUses } from '../mediated';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const removedByKubevirt = defineRule({
  code: 'MDV209',
  slug: 'mdev/removed-by-kubevirt',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => mediatedUses(analysis).length > 0,
  summary: 'virt-handler removes mediated devices that somebody else makes, or makes none at all',
  why: `
virt-handler handles mediated devices on every node unless it is told not to. At each refresh it removes every one whose type it is not told
to create and that no permitted entry marks with \`externalResourceProvider: true\`, whoever made it, within a minute or two. The
gate \`DisableMDEVConfiguration\`, from 1.8 on \`mediatedDevicesConfiguration.enabled: false\`, turns this off; then it creates none either. hostdev writes
it where others make all of them.`,
  sources: [
    {
      claim: 'what is not wanted and not external is removed',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
    { claim: 'the gate turns the handling off', url: `${KUBEVIRT}/pkg/virt-config/virt-config.go` },
  ],
  examples: {
    bad: [
      {
        name: "made by NVIDIA's vgpu-device-manager, while KubeVirt makes others",
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  vgpu:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q, createdBy: «vgpu-device-manager» }]
  others:
    nodes: [node02]
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q }]
`),
      },
      {
        name: 'KubeVirt is to make them, and is told to make none',
        yaml: exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.6", featureGates: [DisableMDEVConfiguration] }
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: «t4-1q» }] }
`),
      },
    ],
    good: [
      {
        name: 'made by somebody else alone: hostdev turns the handling off',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  vgpu:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q, createdBy: vgpu-device-manager }]
`),
      },
      {
        name: 'made by somebody else, and KubeVirt keeps its hands off',
        yaml: exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.6", featureGates: [DisableMDEVConfiguration] }
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }
nodePools:
  vgpu:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: t4-1q, createdBy: vgpu-device-manager }]
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const gate = fleet.cluster.kubevirt.featureGates.find(({ name }) => name === 'DisableMDEVConfiguration');
    // where nobody wants anything of KubeVirt, what hostdev writes turns the handling off
    const isOff =
      gate !== undefined ||
      analysis.mediatedHandlingOff !== undefined ||
      liveMediatedSettings(fleet)?.['enabled'] === false;
    for (const { use, device } of mediatedUses(analysis)) {
      if (use.createdBy === 'kubevirt') {
        if (gate === undefined) continue;
        yield {
          message: fitting(
            `KubeVirt is to make ${device.name} and is told to make no mediated devices`,
            'KubeVirt is to make a mediated device and is told to make none',
          ),
          primary: { at: placeAt(use.place, 'device'), text: 'to be made by KubeVirt' },
          secondary: [{ at: gate.place, text: 'turns the handling off' }],
          notes: ['virt-handler creates and removes no mediated devices with this gate'],
          help: ['remove the gate, or say under `createdBy` who makes them'],
        };
      } else if (!isOff && !device.externalResourceProvider) {
        yield {
          message: fitting(
            `virt-handler removes mediated devices of ${device.name}, which ${makerInWords(use.createdBy)} makes`,
            `virt-handler removes mediated devices of ${device.name}, which it does not make`,
            'virt-handler removes mediated devices that it does not make',
          ),
          primary: { at: placeAt(use.place, 'createdBy'), text: 'not made by KubeVirt' },
          secondary: [
            {
              at: placeAt(device.place, 'resourceName'),
              text: fittingLabel(`${device.name} is not external`, 'not external'),
            },
          ],
          notes: ['virt-handler removes what it is not told to create, unless an entry marks the type as external'],
          help: [
            'let one of them make all mediated devices: the handling is then turned off',
            'or set `externalResourceProvider: true` where another device plugin serves the type',
          ],
        };
      }
    }
  },
});

function makerInWords(createdBy: 'vgpu-device-manager' | 'host' | 'external'): string {
  return createdBy === 'vgpu-device-manager' ? createdBy : createdBy === 'host' ? 'the host' : 'somebody else';
}
