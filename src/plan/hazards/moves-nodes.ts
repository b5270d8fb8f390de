import { changesOf } from '../changes/diff-baselines';
import { usersOf } from '../effects/mediated-removals';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { MCO } from './sources';

const fleet = (pool: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
`);

export const movesNodes = defineHazard({
  code: 'PLN519',
  slug: 'plan/moves-nodes',
  severity: 'error',
  summary: 'nodes change their machine config pool',
  why: `
A node is in a pool by its label. One that matches two custom pools stops being updated, so the old label has to go as the new one comes. The node then gets the
rendered config of the other pool: where the two differ in more than their names it is drained and rebooted, and what only the old pool bound is given back. The old pool is deleted last, when
it is empty.`,
  sources: [
    { claim: 'a node in two custom pools is an error', url: `${MCO}/pkg/helpers/helpers.go` },
    { claim: 'what is compared before a node is drained', url: `${MCO}/pkg/daemon/update.go` },
    { claim: 'which pool a node is in', url: `${MCO}/pkg/controller/node/node_controller.go` },
  ],
  examples: {
    bad: [
      {
        name: 'the pool gets another machine config pool',
        before: fleet(qatPool()),
        after: fleet(qatPool('machineConfigPool: edge')),
        expected: '2 nodes move from machine config pool qat to edge',
      },
    ],
    good: [{ name: 'a node comes that is in none', before: fleet(qatPool('', 'node01')), after: fleet(qatPool()) }],
  },
  *find({ changes, disruptions, groups, sides }) {
    const moves = new Map<
      string,
      { readonly from: string; readonly to: string; readonly nodes: string[]; readonly keys: string[] }
    >();
    for (const change of changesOf(changes, 'node')) {
      if (change.sign !== 'changed' || change.before.unit === change.after.unit) continue;
      const { unit: from } = change.before;
      const { unit: to } = change.after;
      const move = moves.get(`${from} ${to}`) ?? { from, to, nodes: [], keys: [] };
      move.nodes.push(change.name);
      move.keys.push(change.key);
      moves.set(`${from} ${to}`, move);
    }
    for (const { from, to, nodes, keys } of moves.values()) {
      const platform = sides.after.units.get(to)?.platform ?? sides.after.baseline.cluster.nodePlatform;
      if (platform !== 'openshift') continue;
      const names = new Set(nodes);
      const isAlike = disruptions.some(
        ({ unit, reasons: [first, ...others] }) =>
          unit === to && first?.kind === 'joins' && first.from === from && others.length === 0,
      );
      const advertised = new Set(
        sides.before.baseline.pools.flatMap((pool) =>
          pool.nodes.filter(({ name }) => names.has(name)).flatMap(({ advertises }) => [...advertises.keys()]),
        ),
      );
      yield {
        message: `${counted(nodes.length, 'node')} ${nodes.length === 1 ? 'moves' : 'move'} from machine config pool ${from} to ${to}`,
        radius: radiusOf(
          nodes,
          [...advertised].flatMap((resource) => usersOf(resource, names, groups)),
        ),
        notes: [
          `${shortList(nodes)}: drained and rebooted when the label changes`,
          ...(isAlike
            ? ['both pools have the same MachineConfigs as far as the fleet knows: where that is all, nothing reboots']
            : []),
          `machine config pool ${from} stays until somebody deletes it`,
        ],
        help: [
          sides.after.baseline.cluster.objects.some(({ path }) => path.startsWith('gitops/node-labels/'))
            ? 'let the Job under `gitops/node-labels` do it: it gives the new label and takes its old one in one step; take one that somebody else gave by hand'
            : 'take the old label from a node in the same step that gives it the new one',
        ],
        changes: keys,
      };
    }
  },
});
