import type { FunctionState } from '../baseline/baseline';
import { changesOf } from '../changes/diff-baselines';
import { usersOf } from '../effects/mediated-removals';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (pool: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
`);

/** A function with what happens to it. */
interface Moved {
  readonly change: { readonly key: string; readonly name: string };
  readonly node: string;
  readonly state: FunctionState;
  readonly what: string;
}

export const rebindsDriver = defineHazard({
  code: 'PLN505',
  slug: 'plan/rebinds-driver',
  severity: 'error',
  summary: 'PCI functions that were handed over change their driver or their resource',
  why: `
A function that leaves vfio-pci, or comes to it from a driver that VMs use through mediated devices, is taken from whoever has it. Until the node
has been prepared again the old driver stays; afterwards VMs that were started with the old one do not find it. A function that goes on under another
resource name is handed out by another plugin, which knows nothing of VMs that have it.`,
  sources: [
    {
      claim: 'only functions on vfio-pci are advertised',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'another function instead',
        before: fleet(qatPool()),
        after: fleet(qatPool().replace('03:00.0', '04:00.0')),
        expected: '2 PCI functions are given back to the host',
      },
    ],
    good: [{ name: 'a node less', before: fleet(qatPool()), after: fleet(qatPool('', 'node01')) }],
  },
  *find({ changes, groups, sides }) {
    const moved = changesOf(changes, 'function').flatMap((change): Moved[] => {
      if (change.sign === 'added') return [];
      const { node, state } = change.before;
      if (!sides.after.unitByNode.has(node)) return [];
      if (change.sign === 'removed') return [{ change, node, state, what: 'given back to the host' }];
      const fields = new Set(change.fields.map(({ field }) => field));
      if (fields.has('driver'))
        return [{ change, node, state, what: `moved to driver ${change.after.state.driver ?? 'none'}` }];
      return fields.has('resource') ? [{ change, node, state, what: handedOutAs(change.after.state) }] : [];
    });
    for (const what of new Set(moved.map((one) => one.what))) {
      const alike = moved.filter((one) => one.what === what);
      const nodes = alike.map(({ node }) => node);
      const resources = new Set(alike.flatMap(({ state }) => state.resource ?? []));
      const users = [...resources].flatMap((resource) => usersOf(resource, new Set(nodes), groups));
      yield {
        message: `${counted(alike.length, 'PCI function')} ${alike.length === 1 ? 'is' : 'are'} ${what}`,
        radius: radiusOf(nodes, users),
        notes: [shortList(alike.map(({ change }) => change.name))],
        help: users.length === 0 ? [] : ['stop the VMs that use them first'],
        changes: alike.map(({ change }) => change.key),
      };
    }
  },
});

/** The driver stays what it is, but for one whose plugin hands it out under another name, or none. */
function handedOutAs({ driver, resource }: FunctionState): string {
  const kept = driver === undefined || driver === null ? '' : `kept on driver ${driver} and `;
  return `${kept}handed out as ${resource ?? 'nothing'} from then on`;
}
