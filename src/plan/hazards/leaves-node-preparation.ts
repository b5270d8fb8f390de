import { changesOf } from '../changes/diff-baselines';
import { nodesReached } from '../disruption/disruption';
import { platformOf, type Side } from '../disruption/sides';
import { disruptionCauses, isOneNode, nodesInWords } from '../disruption/in-words';
import { shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { MCO } from './sources';

const fleet = (pools: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool('', 'node01')}${pools}
`);
const EDGE = `
  ${qatPool('', 'node03').replace('qat:', 'edge:')}`;

export const leavesNodePreparation = defineHazard({
  code: 'PLN516',
  slug: 'plan/leaves-node-preparation',
  severity: 'warning',
  summary: 'what prepared nodes is no longer written, and stays until somebody deletes it',
  why: `
MachineConfigs, machine config pools and KubeletConfigs carry annotations that keep Argo CD and Flux from pruning them. What a fleet no longer writes therefore goes
on in the cluster: devices stay bound, arguments stay set. Deleting it drains and reboots the pool. A pool is deleted last, when none of its nodes has its
label any more: nodes of a pool that is gone reference a config that is gone.`,
  sources: [{ claim: 'any difference of the rendered config reboots', url: `${MCO}/pkg/daemon/update.go` }],
  examples: {
    bad: [
      {
        name: 'a pool is dropped',
        before: fleet(EDGE),
        after: fleet(''),
        expected: '2 objects of machine config pool edge are left behind',
      },
    ],
    good: [{ name: 'a pool is added', before: fleet(''), after: fleet(EDGE) }],
  },
  *find({ disruptions, changes, sides }) {
    for (const disruption of disruptions) {
      if (disruption.when !== 'deletion') continue;
      const { unit, leftBehind, nodes } = disruption;
      yield {
        message: `${leftBehind.length} ${leftBehind.length === 1 ? 'object' : 'objects'} of machine config pool ${unit} ${leftBehind.length === 1 ? 'is' : 'are'} left behind`,
        radius: radiusOf(nodes, [], nodesReached(disruption)),
        notes: [
          `${shortList(leftBehind)} ${leftBehind.length === 1 ? 'is' : 'are'} protected from pruning and ${leftBehind.length === 1 ? 'goes' : 'go'} on`,
          `deleting ${leftBehind.length === 1 ? 'it' : 'them'} reboots: ${nodesInWords(disruption)} ${isOneNode(disruption) ? 'goes' : 'go'} down`,
        ],
        help: ['delete them by hand when the nodes may reboot'],
        changes: disruptionCauses(disruption, changes),
      };
    }
    // a platform that is given up is written for no more, and no rollout of its own says so
    const told = new Set(disruptions.flatMap(({ leftBehind }) => leftBehind));
    const left = [...changesOf(changes, 'config'), ...changesOf(changes, 'object')].flatMap((change) => {
      if (change.sign !== 'removed' || change.before.unit === undefined) return [];
      const { kind, name } = change.before.state;
      return PROTECTED.has(kind) && !told.has(name) ? [{ unit: change.before.unit, name, key: change.key }] : [];
    });
    for (const unit of new Set(left.map((one) => one.unit))) {
      if (isPrepared(sides.after, unit)) continue;
      const own = left.filter((one) => one.unit === unit);
      const nodes = sides.before.nodesByUnit.get(unit) ?? [];
      yield {
        message: `${own.length} ${own.length === 1 ? 'object' : 'objects'} that prepared ${unit} ${own.length === 1 ? 'is' : 'are'} left behind`,
        radius: radiusOf(nodes, []),
        notes: [`${shortList(own.map(({ name }) => name))} ${own.length === 1 ? 'is' : 'are'} protected from pruning`],
        help: ['delete them by hand where the cluster still takes them'],
        changes: own.map(({ key }) => key),
      };
    }
  },
});

/** Whether the nodes of a unit still take their preparation from the Machine Config Operator. */
function isPrepared(side: Side, name: string): boolean {
  const unit = side.units.get(name);
  return (unit === undefined ? side.baseline.cluster.nodePlatform : platformOf(side, unit)) === 'openshift';
}

/** Kinds that carry annotations against pruning. */
const PROTECTED: ReadonlySet<string> = new Set(['KubeletConfig', 'MachineConfig', 'MachineConfigPool']);
