import { machineName } from '../changes/comparisons';
import { changesOf } from '../changes/diff-baselines';
import { disruptionCauses } from '../disruption/in-words';
import { missingInWords } from '../effects/machine-effects';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatMachine, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (pool: string, machines = qatMachine('vpn-1')): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
virtualMachines:
  ${machines}
`);

export const stopsVirtualMachines = defineHazard({
  code: 'PLN509',
  slug: 'plan/stops-virtual-machines',
  severity: 'error',
  summary: 'VMs are stopped because their node has to reboot, or because they are halted',
  why: `
A VM with host devices is not live-migratable (through KubeVirt 1.8 with any, from 1.9 on with anything but one mediated GPU under the gate
\`VGPULiveMigration\`). Where its \`evictionStrategy\` is \`None\` or \`LiveMigrateIfPossible\`, the drain of its node stops it. KubeVirt starts it again
where its run strategy says so and a node has what it asks for; a bare VirtualMachineInstance is gone.

A VM that gets the run strategy \`Halted\` is shut down by the merge, wherever it runs.`,
  sources: [
    {
      claim: 'evictions that are let through',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go`,
    },
    {
      claim: 'an instance of a halted VM is stopped',
      url: `${KUBEVIRT}/pkg/virt-controller/watch/vm/vm.go`,
    },
    { claim: 'VMs with host devices cannot be migrated', url: `${KUBEVIRT}/pkg/virt-handler/vm.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a kernel argument more',
        before: fleet(qatPool()),
        after: fleet(qatPool('kernelArguments: [iommu.strict=1]')),
        expected: '1 VM on machine config pool qat is stopped',
      },
      {
        name: 'it is halted',
        before: fleet(qatPool()),
        after: fleet(qatPool(), qatMachine('vpn-1').replace('Always', 'Halted')),
        expected: '1 VM is halted',
      },
    ],
    good: [
      {
        name: 'it is halted already',
        before: fleet(qatPool(), qatMachine('vpn-1').replace('Always', 'Halted')),
        after: fleet(qatPool('kernelArguments: [iommu.strict=1]'), qatMachine('vpn-1').replace('Always', 'Halted')),
      },
    ],
  },
  *find({ machines, disruptions, changes }) {
    for (const { unit, when, fate, because, machines: names, isCertain, hasElsewhere, missing, restarts } of machines) {
      if (fate !== 'stopped' || when !== 'merge') continue;
      const own = disruptions.filter((one) => one.unit === unit && one.when === when);
      const verb = isCertain ? (names.length === 1 ? 'is' : 'are') : 'may be';
      yield {
        message: `${counted(names.length, 'VM')} on machine config pool ${unit} ${verb} stopped`,
        radius: radiusOf(
          own.flatMap(({ nodes }) => nodes),
          names,
        ),
        notes: [
          because,
          restarts === undefined
            ? 'whether KubeVirt starts them again is not known'
            : restarts
              ? 'KubeVirt starts them again once a node has what they ask for'
              : 'nothing starts them again',
          ...(hasElsewhere ? [] : ['while a node is out there is no other node for them']),
          ...missing.map(missingInWords),
        ],
        help: [`stop ${shortList(names)} at a time of your own`],
        changes: [...new Set(own.flatMap((one) => disruptionCauses(one, changes)))],
      };
    }
    const halted = changesOf(changes, 'machine').filter(
      (change) => change.sign === 'changed' && change.before.isHalted === false && change.after.isHalted === true,
    );
    if (halted.length === 0) return;
    const names = halted.flatMap((change) => (change.sign === 'changed' ? [machineName(change.after)] : []));
    yield {
      message: `${counted(names.length, 'VM')} ${names.length === 1 ? 'is' : 'are'} halted`,
      radius: radiusOf([], names),
      notes: ['what runs of them is shut down when the change is applied'],
      help: [`stop ${shortList(names)} at a time of your own`],
      changes: halted.map(({ key }) => key),
    };
  },
});
