import { groupBy } from '../../model';
import { nearestName } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { moreMachines } from '../machines';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

export const unknownPool = defineRule({
  code: 'VMI305',
  slug: 'vm/unknown-pool',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools'],
  summary: 'a VM is tied to a pool that the fleet does not declare',
  why: `
\`pool\` becomes the node selector and the tolerations of the pool. Without the pool there is nothing to make them from, so the VM would run
anywhere.`,
  sources: [
    {
      claim: 'a pod without a selector runs on any node with room',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a letter too many',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01] }
virtualMachines:
  train-7:
    pool: «gpus»
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'the declared pool',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01] }
virtualMachines:
  train-7:
    pool: gpu
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const lost = analysis.machines.filter(
      ({ machine }) => machine.pool !== undefined && !analysis.poolByName.has(machine.pool),
    );
    for (const [pool = '', machines] of groupBy(lost, ({ machine }) => machine.pool)) {
      const [first] = machines;
      if (first === undefined) continue;
      const at = placeAt(first.machine.place, 'pool');
      const nearest = nearestName(pool, analysis.poolByName.keys());
      yield {
        message: fitting(
          `VM ${first.machine.id} is tied to pool ${pool}, which is not declared`,
          `a VM is tied to pool ${pool}, which is not declared`,
          'a VM is tied to a pool that is not declared',
        ),
        primary: { at, text: 'no pool has this name' },
        notes: moreMachines(machines),
        help: nearest === undefined ? ['declare the pool under `nodePools`, or correct the name'] : [],
        fixes:
          nearest === undefined
            ? []
            : [{ title: 'use the declared name', safe: false, edits: [{ at, text: nearest }] }],
      };
    }
  },
});
