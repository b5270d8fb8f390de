import { changesOf } from '../changes/diff-baselines';
import { machineName } from '../changes/comparisons';
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

export const needsVmRestart = defineHazard({
  code: 'PLN512',
  slug: 'plan/needs-vm-restart',
  severity: 'info',
  summary: 'a change of a VM takes effect only when it is started again',
  why: `
KubeVirt changes placement, sockets, guest memory, NICs and volumes of a VM that runs. Everything else, devices included, sets the condition
\`RestartRequired\`; while it is set nothing else is changed either. The spec of a VirtualMachineInstance cannot be changed at all: it has to be made
anew.`,
  sources: [
    { claim: 'fields that are changed while a VM runs', url: `${KUBEVIRT}/pkg/virt-controller/watch/vm/vm.go` },
    {
      claim: 'instances are not changed',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-update-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'other firmware',
        before: fleet(qatPool()),
        after: fleet(qatPool(), qatMachine('vpn-1').replace('devices: {}', 'devices: {}, machine: { type: q35 }')),
        expected: '1 VM has to be started again for its change to take effect',
      },
    ],
    good: [
      {
        name: 'more memory for the guest',
        before: fleet(qatPool()),
        after: fleet(qatPool(), qatMachine('vpn-1').replace('4Gi', '8Gi')),
      },
    ],
  },
  *find({ changes }) {
    const concerned = changesOf(changes, 'machine').filter(
      (change) =>
        change.sign === 'changed' &&
        change.before.isHalted !== true &&
        change.after.isHalted !== true &&
        change.fields.some(({ field }) => field === 'gpus' || field === 'hostDevices' || field === 'spec'),
    );
    if (concerned.length === 0) return;
    const names = concerned.flatMap((change) => (change.sign === 'added' ? [] : [machineName(change.before)]));
    yield {
      message: `${counted(names.length, 'VM')} ${names.length === 1 ? 'has' : 'have'} to be started again for ${names.length === 1 ? 'its' : 'their'} change to take effect`,
      radius: radiusOf([], names),
      notes: ['until then virt-controller shows `RestartRequired` and changes nothing else of them'],
      help: [`restart ${shortList(names)} at a time of your own`],
      changes: concerned.map(({ key }) => key),
    };
  },
});
