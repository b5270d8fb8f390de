import { changesOf } from '../changes/diff-baselines';
import { usersOf } from '../effects/mediated-removals';
import { exampleFleet, qatMachine, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (more: string, resource = 'intel.com/qat'): string =>
  exampleFleet(`
devices:
  qat: { pci: ["8086:6f54"], resourceName: ${resource}${more} }
nodePools:
  ${qatPool()}
virtualMachines:
  ${qatMachine('vpn-1')}
`);

export const changesProvider = defineHazard({
  code: 'PLN507',
  slug: 'plan/changes-provider',
  severity: 'error',
  summary: 'another device plugin serves a resource that keeps its name',
  why: `
\`externalResourceProvider: true\` means that KubeVirt only permits a resource, and another device plugin serves it. When it changes, one plugin stops
and the other starts under the same name. The two call devices by different ids (KubeVirt by IOMMU group, NVIDIA's by address), and kubelet's
account of what is handed out is by id: while VMs that were started under the one still run, the other may hand the same device out again. The VM
then fails, because only one process can open the group.`,
  sources: [
    { claim: 'entries of others are skipped', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go` },
    {
      claim: 'KubeVirt calls a device by its IOMMU group',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'somebody else serves it from now on',
        before: fleet(''),
        after: fleet(', externalResourceProvider: true'),
        expected: 'intel.com/qat is served by another device plugin',
      },
    ],
    good: [{ name: 'the provider stays', before: fleet(''), after: fleet('').replace('vpn-1', 'vpn-2') }],
  },
  *find({ changes, groups, sides }) {
    for (const change of changesOf(changes, 'permitted')) {
      if (change.sign === 'added' || change.sign === 'removed' || change.before.external === change.after.external)
        continue;
      const { resource } = change.before;
      const nodes = sides.before.baseline.pools.flatMap((pool) =>
        pool.nodes.filter(({ advertises }) => advertises.has(resource)).map(({ name }) => name),
      );
      const users = usersOf(resource, undefined, groups);
      yield {
        message: `${resource} is served by ${change.after.external ? 'another device plugin' : 'KubeVirt itself'}`,
        radius: radiusOf(nodes, users),
        notes: [
          `before, ${change.before.external ? 'another device plugin' : 'KubeVirt itself'} served it`,
          ...(users.length === 0 ? [] : ['what the one has handed out the other does not know of']),
        ],
        help: users.length === 0 ? [] : ['stop the VMs that use it before the change, and start them afterwards'],
        changes: [change.key],
      };
    }
  },
});
