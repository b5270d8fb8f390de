import { disruptionCauses } from '../disruption/in-words';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatMachine, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT, MCO } from './sources';

const fleet = (pool: string, machine: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
virtualMachines:
  ${machine}
`);
const STUCK = qatMachine('vpn-1', 'evictionStrategy: External');

export const blocksDrain = defineHazard({
  code: 'PLN508',
  slug: 'plan/blocks-drain',
  severity: 'error',
  summary: 'a VM keeps a node that has to reboot from being drained',
  why: `
A node is drained before it reboots. virt-api denies every eviction of a VM whose \`evictionStrategy\` is \`LiveMigrate\` and that cannot be
migrated, and a VM with host devices cannot: through KubeVirt 1.8 with any, from 1.9 on with anything but one mediated GPU under the gate
\`VGPULiveMigration\`. The drain is tried again for an hour before the pool is reported as degraded, and it goes on after that; no other node of the pool is
updated once as many as \`maxUnavailable\` are waiting.`,
  sources: [
    {
      claim: 'evictions of VMs that cannot be migrated are denied',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go`,
    },
    { claim: 'VMs with host devices cannot be migrated', url: `${KUBEVIRT}/pkg/virt-handler/vm.go` },
    { claim: 'how long a drain is tried', url: `${MCO}/pkg/controller/drain/drain_controller.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a VM that only something else may move',
        before: fleet(qatPool(), STUCK),
        after: fleet(qatPool('kernelArguments: [iommu.strict=1]'), STUCK),
        expected: '1 VM may block the drain of machine config pool qat',
      },
    ],
    good: [
      {
        name: 'a VM that may be stopped',
        before: fleet(qatPool(), qatMachine('vpn-1')),
        after: fleet(qatPool('kernelArguments: [iommu.strict=1]'), qatMachine('vpn-1')),
      },
    ],
  },
  *find({ machines, disruptions, changes }) {
    for (const { unit, when, fate, because, machines: names, isCertain } of machines) {
      if (fate !== 'blocks-drain' && fate !== 'left-to-others') continue;
      const own = disruptions.filter((one) => one.unit === unit && one.when === when);
      const isSure = isCertain && fate === 'blocks-drain';
      yield {
        message: `${counted(names.length, 'VM')} ${isSure ? (names.length === 1 ? 'blocks' : 'block') : 'may block'} the drain of machine config pool ${unit}`,
        radius: radiusOf(
          own.flatMap(({ nodes }) => nodes),
          names,
        ),
        notes: [because],
        help: [
          `stop ${shortList(names)} first, or let ${names.length === 1 ? 'it' : 'them'} be stopped with \`evictionStrategy: None\``,
        ],
        changes: [...new Set(own.flatMap((one) => disruptionCauses(one, changes)))],
      };
    }
  },
});
