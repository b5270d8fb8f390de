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
const TWO = `${qatMachine('vpn-1')}
  ${qatMachine('vpn-2')}`;

export const removesVirtualMachines = defineHazard({
  code: 'PLN518',
  slug: 'plan/removes-virtual-machines',
  severity: 'warning',
  summary: 'VMs are no longer written',
  why: `
A VM that is no longer written is deleted where whatever applies the output prunes, and with it goes its running instance. The Applications and Kustomizations that
hostdev writes (\`cluster.gitops\`) do not prune VMs: there it goes on, with its devices, until somebody deletes it, and nothing keeps it as it is.`,
  sources: [
    { claim: 'deleting a VirtualMachine deletes its instance', url: `${KUBEVIRT}/pkg/virt-controller/watch/vm/vm.go` },
  ],
  examples: {
    bad: [
      {
        name: 'one of two goes',
        before: fleet(qatPool(), TWO),
        after: fleet(qatPool()),
        expected: '1 VM is no longer written',
      },
    ],
    good: [{ name: 'one more comes', before: fleet(qatPool()), after: fleet(qatPool(), TWO) }],
  },
  *find({ changes, sides }) {
    const gone = changesOf(changes, 'machine').filter(
      (change) => change.sign === 'removed' && change.before.path !== undefined,
    );
    if (gone.length === 0) return;
    const machines = gone.flatMap((change) => (change.sign === 'removed' ? [change.before] : []));
    const names = machines.map(machineName);
    // the stage of VMs in what `cluster.gitops` writes never prunes
    const isKept = sides.after.baseline.cluster.objects.some(({ path }) => path.startsWith('gitops/'));
    const fate = machines.every(({ isHalted }) => isHalted === true)
      ? 'they are there until somebody deletes them'
      : 'until somebody deletes them they run on, with their devices';
    yield {
      message: `${counted(names.length, 'VM')} ${names.length === 1 ? 'is' : 'are'} no longer written`,
      radius: radiusOf([], names),
      notes: [
        isKept
          ? `the stage of VMs prunes nothing: ${fate}: ${shortList(names)}`
          : `where the output is pruned they are deleted: ${shortList(names)}`,
      ],
      help: isKept ? [`delete ${shortList(names)} by hand`] : [],
      changes: gone.map(({ key }) => key),
    };
  },
});
