import type { MediatedDeviceUse } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { mediatedUses } from '../mediated';
import { defineRule } from '../rule';
import { fitting, nodesInWords } from '../words';

const fleetWith = (card: string, second: string): string =>
  exampleFleet(`
devices:
  t4-1q:
    mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }
    resourceName: nvidia.com/GRID_T4-1Q
  t4-2q:
    mdev: { name: GRID T4-2Q, parent: "${card}" }
    resourceName: nvidia.com/GRID_T4-2Q
    externalResourceProvider: true
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices:
      - { device: t4-1q, createdBy: kubevirt }
      - { device: t4-2q, createdBy: ${second} }
`);

export const twoMakers = defineRule({
  code: 'MDV291',
  slug: 'mdev/two-makers',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => mediatedUses(analysis).length > 1,
  summary: 'KubeVirt and vgpu-device-manager make mediated devices on one node',
  why: `
NVIDIA's vgpu-device-manager removes every vGPU of a card before it makes those of its configuration, which is mostly written for all cards of the node. What
virt-handler has made there goes with them, under the VMs that use it, and virt-handler makes it again. Mediated devices of a node have one owner. Where the
two make types of different cards, a configuration that selects cards keeps them apart: a warning.`,
  sources: [
    {
      claim: 'a card is cleared first (SetVGPUConfig)',
      url: 'https://github.com/NVIDIA/vgpu-device-manager/blob/0642a7908bd8ae7725f55db943c2cd6d92a28a61/pkg/vgpu/config.go',
    },
    { claim: 'two owners take each other’s devices', url: 'https://github.com/kubevirt/kubevirt/issues/9037' },
  ],
  examples: {
    bad: [
      { name: 'one card, two makers', yaml: fleetWith('10de:1eb8', '«vgpu-device-manager»') },
      { name: 'two cards', yaml: fleetWith('10de:1bb3', '«vgpu-device-manager»') },
    ],
    good: [{ name: 'one maker', yaml: fleetWith('10de:1bb3', 'kubevirt') }],
  },
  *check({ analysis }) {
    const reported = new Set<MediatedDeviceUse>();
    for (const { use, device } of mediatedUses(analysis)) {
      if (use.createdBy !== 'vgpu-device-manager' || reported.has(use)) continue;
      const shared = analysis.nodes.flatMap(({ name, pools }) => {
        const uses = pools.flatMap(({ mediatedDevices }) => mediatedDevices);
        const other = uses.find(
          ({ createdBy, device }) => createdBy === 'kubevirt' && analysis.deviceByName.get(device)?.kind === 'mdev',
        );
        return uses.includes(use) && other !== undefined ? [{ name, other }] : [];
      });
      const [first] = shared;
      if (first === undefined) continue;
      reported.add(use);
      const nodes = nodesInWords(shared.map(({ name }) => name));
      const made = analysis.deviceByName.get(first.other.device);
      const differ =
        made?.kind === 'mdev' &&
        made.parent?.id !== undefined &&
        device.parent?.id !== undefined &&
        made.parent.id !== device.parent.id;
      yield {
        ...(differ ? { severity: 'warning' as const } : {}),
        message: fitting(
          `vgpu-device-manager and virt-handler both make mediated devices on ${nodes}`,
          'vgpu-device-manager and virt-handler both make mediated devices on one node',
        ),
        primary: { at: placeAt(use.place, 'createdBy'), text: 'clears every vGPU of a card first' },
        secondary: [{ at: placeAt(first.other.place, 'device'), text: 'made by virt-handler' }],
        notes: ['vgpu-device-manager removes what virt-handler has made, also under running VMs'],
        help: ['let one of them make all mediated devices of a node'],
      };
    }
  },
});
