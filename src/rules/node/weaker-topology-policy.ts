import { groupBy } from '../../model';
import { poolsOf, TOPOLOGY_POLICIES } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { moreMachines } from '../machines';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting, fittingLabel, listed } from '../words';

const FLEET = (kubelet: string): string =>
  exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kubelet: { ${kubelet} } }
virtualMachines:
  train-7:
    pool: gpu
    numa: { kubelet: single-numa-node }
    spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`);

export const weakerTopologyPolicy = defineRule({
  code: 'NOD501',
  slug: 'node/weaker-topology-policy',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.virtualMachines.some(({ numa }) => numa?.kubelet !== undefined),
  lacksPartly: ({ fleet, analysis }) => {
    const profiled = fleet.virtualMachines
      .filter(({ numa }) => numa?.kubelet !== undefined)
      .flatMap((machine) => poolsOf(machine, fleet.nodePools))
      .filter(({ performanceProfile, nodes }) => {
        const known = nodes.some(({ name }) => analysis.nodeByName.get(name)?.kubelet.topologyManager !== undefined);
        return performanceProfile !== undefined && !known;
      });
    return [
      ...new Set(profiled.map(({ performanceProfile }) => `the live PerformanceProfile ${performanceProfile ?? ''}`)),
    ];
  },
  summary: 'a VM wants kubelet to align its devices, and kubelet is set to do less',
  why: `
The topology manager has one policy for a whole node. What a pool states, or the PerformanceProfile that sets its kubelet, stands before what VMs ask for: with a weaker policy kubelet starts
the VM with CPUs and devices of different NUMA nodes, and says nothing. A stricter one is taken: it does all that the VM asks for.`,
  sources: [
    {
      claim: 'the policies',
      url: `${KUBERNETES}/pkg/kubelet/cm/topologymanager/topology_manager.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the pool states less',
        yaml: FLEET('reservedSystemCPUs: "0-1", cpuManagerPolicy: static, topologyManagerPolicy: «restricted»'),
      },
    ],
    good: [
      { name: 'set for the VM', yaml: FLEET('reservedSystemCPUs: "0-1"') },
      {
        name: 'as the VM asks',
        yaml: FLEET('reservedSystemCPUs: "0-1", cpuManagerPolicy: static, topologyManagerPolicy: single-numa-node'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const weaker = analysis.machines.flatMap((machine) => {
      const { numa } = machine.machine;
      if (numa?.kubelet === undefined) return [];
      const rank = TOPOLOGY_POLICIES.indexOf(numa.kubelet);
      return poolsOf(machine.machine, fleet.nodePools).flatMap((pool) => {
        const kubelet = pool.nodes.map(({ name }) => analysis.nodeByName.get(name)?.kubelet)[0];
        // a kubelet that pins no CPUs is vm/without-static-cpus
        const { topologyManager } = kubelet ?? {};
        if (topologyManager !== undefined && TOPOLOGY_POLICIES.indexOf(topologyManager.value) < rank)
          return [{ machine, pool, numa, field: 'topologyManagerPolicy', setting: topologyManager }];
        return [];
      });
    });
    for (const cases of groupBy(weaker, ({ pool, field }) => `${pool.name} ${field}`).values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const { machine, pool, numa, field, setting } = first;
      const at = pool.kubelet?.[field] === undefined ? setting.place : placeAt(pool.place, 'kubelet', field);
      yield {
        message: fitting(
          `the kubelets of pool ${pool.name} do less than VM ${machine.machine.id} asks for`,
          `the kubelets of pool ${pool.name} do less than a VM asks for`,
          'the kubelets of a pool do less than a VM asks for',
        ),
        primary: { at, text: fittingLabel(`\`${field}\` is \`${setting.value}\``, 'weaker than what is asked for') },
        secondary: [
          {
            at: placeAt(numa.place, 'kubelet'),
            text: fittingLabel(`VM ${machine.machine.id} asks for it`, 'asked for by a VM'),
          },
        ],
        notes: [...moreMachines([...new Set(cases.map((one) => one.machine))])],
        help: [
          pool.performanceProfile === undefined
            ? 'remove the field from the pool: hostdev sets it, or ask for less'
            : `set \`numa.topologyPolicy\` of PerformanceProfile ${listed([pool.performanceProfile])}`,
        ],
      };
    }
  },
});
