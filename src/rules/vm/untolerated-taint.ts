import { groupBy } from '../../model';
import { blockedMachines } from '../blocked-machines';
import { exampleFleet } from '../example';
import { demandsOf, moreMachines, requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

const fleetWith = (vm: string): string =>
  exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    taints: [{ key: dedicated, value: gpu, effect: NoSchedule }]
    passthrough: [{ device: t4 }]
virtualMachines:
  train-7:
${vm.trim().replace(/^(?=.)/gm, '    ')}
`);

export const untoleratedTaint = defineRule({
  code: 'VMI350',
  slug: 'vm/untolerated-taint',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools'],
  concerns: ({ analysis }) =>
    analysis.nodes.some(
      ({ pools, live }) => pools.some(({ taints }) => taints.length > 0) || (live?.taints.length ?? 0) > 0,
    ),
  summary: 'a VM does not tolerate the taints of any node that has its devices',
  why: `
The scheduler keeps pods away from nodes with a taint that they do not tolerate. A VM that names its pool or its node gets the tolerations of that pool from
hostdev; one that names neither has those of its spec alone, and stays Pending when every node with its devices is tainted.`,
  sources: [
    {
      claim: 'pods stay away from taints that they do not tolerate',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'no pool, and the only pool is tainted',
        yaml: fleetWith(`
gpus: [{ name: gpu1, device: «t4» }]
spec: { domain: { devices: {}, memory: { guest: 4Gi } } }`),
      },
    ],
    good: [
      {
        name: 'the pool, whose tolerations are added',
        yaml: fleetWith(`
pool: gpu
gpus: [{ name: gpu1, device: t4 }]
spec: { domain: { devices: {}, memory: { guest: 4Gi } } }`),
      },
      {
        name: 'a toleration of its own',
        yaml: fleetWith(`
gpus: [{ name: gpu1, device: t4 }]
spec:
  tolerations: [{ key: dedicated, operator: Exists }]
  domain: { devices: {}, memory: { guest: 4Gi } }`),
      },
    ],
  },
  *check({ analysis }) {
    // a taint that only the live Node shows is node/undeclared-taint
    const blocked = blockedMachines(analysis).filter(({ taints }) => !taints.some(({ isUndeclared }) => isUndeclared));
    const byCause = groupBy(blocked, ({ taints }) =>
      JSON.stringify(taints.map(({ node, taint }) => [node.name, taint.key, taint.value ?? '', taint.effect])),
    );
    for (const cases of byCause.values()) {
      const [first] = cases;
      const [taint] = first?.taints ?? [];
      const asked = first === undefined ? undefined : demandsOf(first.machine)[0]?.requests[0];
      if (first === undefined || taint === undefined || asked === undefined) continue;
      const { machine } = first.machine;
      const nodes = nodesInWords(first.taints.map(({ node }) => node.name));
      yield {
        message: fitting(
          `VM ${machine.id} does not tolerate taint ${taint.taint.key} of ${nodes}`,
          `VM ${machine.id} does not tolerate the taints of the nodes with its devices`,
          'a VM does not tolerate the taints of the nodes with its devices',
        ),
        primary: { at: requestPlace(asked), text: fittingLabel(`only ${nodes} may have it`, 'only on tainted nodes') },
        secondary: [
          {
            at: taint.place,
            text: fittingLabel(`taint ${taint.taint.key}, ${taint.taint.effect}`, 'a taint'),
          },
        ],
        notes: [
          'kube-scheduler keeps pods without a toleration away from the node',
          ...moreMachines(cases.map((one) => one.machine)),
        ],
        help: ['name the `pool` of the VM, whose tolerations are then added, or add the toleration to its spec'],
      };
    }
  },
});
