import { requiredNodeTerms, type AnalysedMachine } from '../../analysis';
import { isJsonObject } from '../../model';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { isPlaced } from '../machines';
import { isImpossible } from '../placement';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

export const impossiblePlacement = defineRule({
  code: 'VMI314',
  slug: 'vm/impossible-placement',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools'],
  summary: 'no node of the fleet meets everything that a VM says about where it runs',
  why: `
\`node\`, \`pool\` and the spec's own nodeSelector and required node affinity all have to hold on one node. The fleet knows the names and pools of its nodes, and the
labels that pools and live objects state, and none of them meets all: the VM stays Pending.`,
  sources: [
    {
      claim: 'every term of the selector must match',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the node is in another pool',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01] }
  storage: { nodes: [node03] }
virtualMachines:
  db:
    node: node01
    pool: «storage»
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'the node of that pool',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01] }
  storage: { nodes: [node03] }
virtualMachines:
  db:
    node: node03
    pool: storage
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const one of analysis.machines) {
      const { machine } = one;
      if (!isImpossible(analysis, one) || !isPlaced(one, analysis.nodeByName, analysis.poolByName)) continue;
      yield {
        message: fitting(
          `no node is where VM ${machine.id} says that it runs`,
          'no node is where a VM says that it runs',
        ),
        primary: { at: statementPlace(one), text: 'does not go with the rest' },
        secondary:
          machine.node !== undefined && machine.pool !== undefined
            ? [
                {
                  at: placeAt(machine.place, 'node'),
                  text: `in ${poolsOf(analysis.nodeByName.get(machine.node)?.pools)}`,
                },
              ]
            : [],
        help: ['leave out what does not hold'],
      };
    }
  },
});

function statementPlace({ machine, inherited }: AnalysedMachine): Place {
  if (machine.pool !== undefined && machine.node !== undefined) return placeAt(machine.place, 'pool');
  const selector = machine.spec['nodeSelector'];
  if (isJsonObject(selector)) return placeAt(machine.specPlace, 'nodeSelector');
  if (inherited?.origins.has('nodeSelector') === true) return placeAt(machine.place, 'instancetype', 'name');
  if (requiredNodeTerms(machine.spec) !== undefined) return placeAt(machine.specPlace, 'affinity', 'nodeAffinity');
  return placeAt(machine.place, machine.node === undefined ? 'pool' : 'node');
}

function poolsOf(pools: readonly { readonly name: string }[] | undefined): string {
  return pools === undefined || pools.length === 0 ? 'no pool' : `pool ${pools.map(({ name }) => name).join(' and ')}`;
}
