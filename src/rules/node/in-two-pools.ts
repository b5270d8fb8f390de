import { groupBy } from '../../model';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

export const inTwoPools = defineRule({
  code: 'NOD401',
  slug: 'node/in-two-pools',
  severity: 'error',
  suppressible: false,
  needs: [],
  summary: 'a node is in two pools',
  why: `
A pool says how its nodes are prepared, and a node is prepared once. On OpenShift a node that matches two custom machine config pools is an
error of the machine-config-operator: it stops updating.`,
  sources: [
    {
      claim: 'a node in two custom pools is an error',
      url: `${MACHINE_CONFIG_OPERATOR}/052894640fff35257be9fe711f0c357807d6d5ad/pkg/helpers/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'moved, and not removed from the old pool',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01, node02] }
  storage: { nodes: [«node02», node03] }
`),
      },
    ],
    good: [
      {
        name: 'each node once',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01, node02] }
  storage: { nodes: [node03] }
`),
      },
    ],
  },
  *check({ analysis }) {
    const shared = analysis.nodes.flatMap(({ name, pools: [first, second] }) =>
      first === undefined || second === undefined ? [] : [{ name, first, second }],
    );
    for (const nodes of groupBy(shared, ({ first, second }) => `${first.name} ${second.name}`).values()) {
      const [node] = nodes;
      if (node === undefined) continue;
      const { name, first, second } = node;
      const placeIn = (pool: typeof first) => pool.nodes.find((one) => one.name === name)?.place ?? pool.place;
      yield {
        message: fitting(
          `${nodesInWords(nodes.map((one) => one.name))} ${nodes.length === 1 ? 'is' : 'are'} in pool ${first.name} and in pool ${second.name}`,
          `${nodesInWords(nodes.map((one) => one.name))} ${nodes.length === 1 ? 'is' : 'are'} in 2 pools`,
          `${counted(nodes.length, 'node')} belong to 2 pools`,
        ),
        primary: { at: placeIn(second), text: fittingLabel(`also in pool ${second.name}`, 'in another pool too') },
        secondary: [{ at: placeIn(first), text: fittingLabel(`in pool ${first.name}`, 'in a pool') }],
        help: ['remove it from one of the pools'],
      };
    }
  },
});
