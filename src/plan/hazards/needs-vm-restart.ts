import { parseQuantity } from '../../model';
import type { MachineState } from '../baseline/baseline';
import type { ChangeOf } from '../changes/change';
import { changesOf } from '../changes/diff-baselines';
import { machineName } from '../changes/comparisons';
import { isMigratable } from '../effects/migratable';
import { Moves } from '../effects/moves';
import type { PlanInput } from '../plan';
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
const small = (more: string): string => qatMachine('web-1', more).replace(/ *hostDevices: .*\n/, '');
const instance = qatMachine('vpn-1').replace('runStrategy: Always', 'kind: VirtualMachineInstance');

export const needsVmRestart = defineHazard({
  code: 'PLN512',
  slug: 'plan/needs-vm-restart',
  severity: 'info',
  summary: 'a change of a VM takes effect only when it is started again',
  why: `
KubeVirt changes NICs and volumes of a VM that runs, and where \`vmRolloutStrategy\` is \`LiveUpdate\` (the default from 1.6 on) its placement, and more sockets and guest memory too, for which it
migrates the VM: one that cannot be migrated, as with host devices, has to be started again. For placement it migrates nothing: a VM on a node that its new placement does
not leave stays there until somebody migrates it or starts it again. Everything else, devices included, sets the condition
\`RestartRequired\`; while it is set nothing else is changed either. The spec of a VirtualMachineInstance cannot be changed at all: it has to be made anew.`,
  sources: [
    { claim: 'fields that are changed while a VM runs', url: `${KUBEVIRT}/pkg/virt-controller/watch/vm/vm.go` },
    { claim: 'the default of vmRolloutStrategy', url: `${KUBEVIRT}/pkg/virt-config/virt-config.go` },
    {
      claim: 'what is hotplugged comes with a migration',
      url: `${KUBEVIRT}/pkg/virt-controller/watch/workload-updater/workload-updater.go`,
    },
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
      {
        name: 'more memory for a guest that cannot be migrated',
        before: fleet(qatPool()),
        after: fleet(qatPool(), qatMachine('vpn-1').replace('4Gi', '8Gi')),
        expected: '1 VM has to be started again for its change to take effect',
      },
      {
        name: 'another node',
        before: fleet(qatPool(), qatMachine('vpn-1').replace('runStrategy', 'node: node01\n    runStrategy')),
        after: fleet(qatPool(), qatMachine('vpn-1').replace('runStrategy', 'node: node02\n    runStrategy')),
        expected: '1 VM has to be started again to move to other nodes',
      },
      {
        name: 'more memory for an instance',
        before: fleet(qatPool(), instance),
        after: fleet(qatPool(), instance.replace('4Gi', '8Gi')),
        expected: '1 VirtualMachineInstance has to be made anew for its change to take effect',
      },
    ],
    good: [
      {
        name: 'more memory for a guest that is migrated',
        before: fleet(qatPool(), small('')),
        after: fleet(qatPool(), small('').replace('4Gi', '8Gi')),
      },
      {
        name: 'other nodes to start on the next time',
        before: fleet(qatPool()),
        after: fleet(qatPool(), qatMachine('vpn-1').replace('runStrategy', 'pool: qat\n    runStrategy')),
      },
    ],
  },
  *find(input) {
    const changed = changesOf(input.changes, 'machine').filter(
      (change): change is Changed => change.sign === 'changed' && isToRun(change) && isWritten(change),
    );
    const unseen = new Set(changed.filter((change) => isUnseen(change, input)));
    const instances = [...unseen].filter(isInstance);
    const others = [...unseen].filter((change) => !isInstance(change));
    if (others.length > 0) {
      const one = others.length === 1;
      yield {
        message: `${counted(others.length, 'VM')} ${one ? 'has' : 'have'} to be started again for ${one ? 'its' : 'their'} change to take effect`,
        radius: radiusOf([], namesOf(others)),
        notes: ['until then virt-controller changes nothing of that while they run'],
        help: [`restart ${shortList(namesOf(others))} at a time of your own`],
        changes: others.map(({ key }) => key),
      };
    }
    const moves = new Moves(input.sides);
    const moved = changed.filter(
      (change) => !isInstance(change) && !unseen.has(change) && moves.isMoved(change.before, change.after),
    );
    if (moved.length > 0) {
      const one = moved.length === 1;
      const { cluster } = input.sides.after.baseline;
      const isMigrated = moved.every(({ after }) => isMigratable(after, cluster));
      yield {
        message: `${counted(moved.length, 'VM')} ${one ? 'has' : 'have'} to be started again to move to other nodes`,
        radius: radiusOf([], namesOf(moved)),
        notes: [
          one ? 'it stays on the node where it is until then' : 'they stay on the nodes where they are until then',
        ],
        help: [`${isMigrated ? 'migrate or restart' : 'restart'} ${shortList(namesOf(moved))} at a time of your own`],
        changes: moved.map(({ key }) => key),
      };
    }
    if (instances.length > 0) {
      const one = instances.length === 1;
      yield {
        message: `${counted(instances.length, 'VirtualMachineInstance')} ${one ? 'has' : 'have'} to be made anew for ${one ? 'its' : 'their'} change to take effect`,
        radius: radiusOf([], namesOf(instances)),
        notes: ['the API server refuses any change of the spec of one that is there'],
        help: [
          `delete ${shortList(namesOf(instances))} at a time of your own, and let the merge make ${one ? 'it' : 'them'} anew`,
        ],
        changes: instances.map(({ key }) => key),
      };
    }
  },
});

type Changed = Extract<ChangeOf<'machine'>, { sign: 'changed' }>;

function namesOf(changes: readonly Changed[]): string[] {
  return changes.map(({ before }) => machineName(before));
}

function isInstance({ after }: Changed): boolean {
  return after.kind === 'VirtualMachineInstance';
}

function isToRun({ before, after }: Changed): boolean {
  return before.isHalted !== true && after.isHalted !== true;
}

/** Whose text is the same is not changed, whatever else is known of it. */
function isWritten({ before, after, fields }: Changed): boolean {
  return before.hash === undefined || after.hash === undefined || fields.some(({ field }) => field === 'text');
}

/** Whether a change is not seen by the VM that runs. */
function isUnseen(change: Changed, { sides }: PlanInput): boolean {
  const { before, after, fields } = change;
  const differs = (...names: readonly string[]): boolean => fields.some(({ field }) => names.includes(field));
  if (differs('gpus', 'hostDevices', 'spec')) return true;
  if (isInstance(change)) return differs('nodes');
  const { cluster } = sides.after.baseline;
  const isLive = cluster.liveUpdates !== false;
  const isGrown = isLive && isMigratable(after, cluster) && !isSmaller(before, after);
  return (differs('guest memory', 'sockets') && !isGrown) || (differs('nodes') && !isLive);
}

function isSmaller(before: MachineState, after: MachineState): boolean {
  const [from, to] = [parseQuantity(before.guestMemory), parseQuantity(after.guestMemory)];
  return (from.ok && to.ok && to.value < from.value) || (after.sockets ?? 0) < (before.sockets ?? 0);
}
