import type { Change } from '../changes/change';
import { changesOf } from '../changes/diff-baselines';
import { usersOf } from '../effects/mediated-removals';
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
export const strandsVirtualMachines = defineHazard({
  code: 'PLN503',
  slug: 'plan/strands-virtual-machines',
  severity: 'error',
  summary: 'VMs are left without what they ask for',
  why: `
A VM whose resource is advertised on none of the nodes that its placement leaves stays Pending at its next start, with
\`Insufficient\` and the name of the resource. While it runs it keeps its device; a name that is no longer permitted is refused
when virt-controller makes the pod. Where all VMs together ask for more than there is, those that start last wait.`,
  sources: [
    { claim: 'a resource name that is not permitted', url: `${KUBEVIRT}/pkg/virt-controller/services/template.go` },
    { claim: 'a stopped VM may find its device taken', url: 'https://github.com/kubevirt/kubevirt/issues/8496' },
  ],
  examples: {
    bad: [
      {
        name: 'another name while a VM runs',
        before: fleet(qatPool()),
        after: fleet(qatPool()).replace('intel.com/qat', 'intel.com/qat_c62x'),
        expected: '1 VM uses intel.com/qat, which is no longer permitted',
      },
    ],
    good: [
      { name: 'one node less for one VM', before: fleet(qatPool()), after: fleet(qatPool('', 'node01')) },
      {
        name: 'another name while the VM is halted',
        before: fleet(qatPool()).replace('Always', 'Halted'),
        after: fleet(qatPool()).replace('Always', 'Halted').replace('intel.com/qat', 'intel.com/qat_c62x'),
      },
    ],
  },
  *find({ stranded, changes, groups, sides }) {
    const permitted = new Set(sides.after.baseline.cluster.permitted.map(({ resource }) => resource));
    for (const change of changesOf(changes, 'permitted')) {
      if (change.sign !== 'removed' && change.sign !== 'renamed') continue;
      const { resource } = change.before;
      if (permitted.has(resource)) continue;
      const users = usersOf(resource, undefined, groups);
      if (users.length === 0) continue;
      yield {
        message: `${counted(users.length, 'VM')} ${users.length === 1 ? 'uses' : 'use'} ${resource}, which is no longer permitted`,
        radius: radiusOf([], users),
        notes: [
          change.sign === 'renamed'
            ? `it is called ${change.newName} from then on: a plugin of that name knows nothing of what runs, and may hand the same device out again`
            : 'a VM that runs keeps its device until it stops',
        ],
        help: [`stop ${shortList(users)} first`],
        changes: [change.key],
      };
    }
    for (const { resource, withoutNode, shortage } of stranded) {
      const causes = changes.filter((change) => isAboutResource(change, resource)).map(({ key }) => key);
      if (withoutNode.length > 0) {
        yield {
          message: `${counted(withoutNode.length, 'VM')} ${withoutNode.length === 1 ? 'has' : 'have'} no node left with ${resource}`,
          radius: radiusOf([], withoutNode),
          notes: ['a VM that runs keeps its device until it stops, and is not started again'],
          help: [`stop ${shortList(withoutNode)}, or let them ask for something that there is`],
          changes: causes,
        };
      } else if (shortage !== undefined) {
        yield {
          message: `${shortage} more of ${resource} ${shortage === 1 ? 'is' : 'are'} asked for than there ${shortage === 1 ? 'is' : 'are'}`,
          radius: radiusOf([], []),
          notes: ['the VMs that start last stay Pending'],
          changes: causes,
        };
      }
    }
  },
});

/** Whether a change takes a resource from a node, or its name from the allow-list. */
export function isAboutResource(change: Change, resource: string): boolean {
  if (change.sign === 'added') return false;
  if (change.kind === 'permitted') return change.before.resource === resource;
  if (change.kind === 'node') return change.before.state.advertises.has(resource);
  if (change.kind === 'function' || change.kind === 'mediated') return change.before.state.resource === resource;
  return false;
}
