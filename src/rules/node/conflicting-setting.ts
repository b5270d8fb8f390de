import type { PreparationUnit } from '../../analysis';
import type { NodePool } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting, fittingLabel } from '../words';

/** Something that a machine config pool has once, with where a pool says it. */
interface Setting {
  readonly path: readonly string[];
  readonly valueOf: (pool: NodePool) => string | number | undefined;
}

const SETTINGS: readonly Setting[] = [
  { path: ['maxUnavailable'], valueOf: ({ maxUnavailable }) => maxUnavailable },
  {
    path: ['machineConfigNames', 'kernelArguments'],
    valueOf: ({ machineConfigNames }) => machineConfigNames.kernelArguments,
  },
  { path: ['machineConfigNames', 'vfio'], valueOf: ({ machineConfigNames }) => machineConfigNames.vfio },
  { path: ['nodePlatformVersion'], valueOf: ({ nodePlatformVersion }) => nodePlatformVersion },
  { path: ['performanceProfile'], valueOf: ({ performanceProfile }) => performanceProfile },
];

/** Those of the kubelet and of hugepages too, which have a name of their own each. */
function settingsOf({ pools }: PreparationUnit): Setting[] {
  const fields = new Set(pools.flatMap(({ kubelet = {} }) => Object.keys(kubelet)));
  const sizes = new Set(pools.flatMap(({ hugepages }) => hugepages.map(({ size }) => size)));
  return [
    ...SETTINGS,
    ...[...fields].map((field) => ({
      path: ['kubelet', field],
      valueOf: ({ kubelet = {} }: NodePool) =>
        kubelet[field] === undefined ? undefined : JSON.stringify(kubelet[field]),
    })),
    ...[...sizes].map((size) => ({
      path: ['hugepages'],
      valueOf: ({ hugepages }: NodePool) => hugepages.find((one) => one.size === size)?.count,
    })),
  ];
}

export const conflictingSetting = defineRule({
  code: 'NOD417',
  slug: 'node/conflicting-setting',
  severity: 'error',
  needs: [],
  summary: 'pools that share a machine config pool say different things about it',
  why: `
Pools that name the same \`machineConfigPool\` are prepared as one: one set of MachineConfigs, one MachineConfigPool, one KubeletConfig. What that
has only once (\`maxUnavailable\`, the names of the MachineConfigs, a setting of the kubelet) must not be said in two ways. For \`worker\` and \`master\` no
MachineConfigPool is emitted, so \`maxUnavailable\` there would do nothing.`,
  sources: [
    {
      claim: 'a machine config pool has one maxUnavailable',
      url: `${MACHINE_CONFIG_OPERATOR}/08932b0803e2006268ce97b00c7f35cad38a74f4/pkg/controller/node/node_controller.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two speeds for one roll-out',
        yaml: exampleFleet(`
nodePools:
  gpu-a: { nodes: [node01], machineConfigPool: gpu, maxUnavailable: 1 }
  gpu-b: { nodes: [node02], machineConfigPool: gpu, maxUnavailable: «2» }
`),
      },
      {
        name: 'two policies for one kubelet',
        yaml: exampleFleet(`
nodePools:
  gpu-a: { nodes: [node01], machineConfigPool: gpu, kubelet: { topologyManagerPolicy: restricted } }
  gpu-b: { nodes: [node02], machineConfigPool: gpu, kubelet: { topologyManagerPolicy: «single-numa-node» } }
`),
      },
      {
        name: 'a pool that comes with the cluster',
        yaml: exampleFleet(`
nodePools:
  general: { nodes: [node01], machineConfigPool: worker, maxUnavailable: «2» }
`),
      },
    ],
    good: [
      {
        name: 'said once',
        yaml: exampleFleet(`
nodePools:
  gpu-a: { nodes: [node01], machineConfigPool: gpu, maxUnavailable: 2 }
  gpu-b: { nodes: [node02], machineConfigPool: gpu }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units.filter(({ platform }) => platform === 'openshift')) {
      for (const { path, valueOf } of settingsOf(unit)) {
        const stating = unit.pools.filter((pool) => valueOf(pool) !== undefined);
        const [first] = stating;
        if (first === undefined) continue;
        if (!unit.isCustom && path[0] === 'maxUnavailable') {
          yield withoutEffect(unit, first);
          continue;
        }
        const other = stating.find((pool) => valueOf(pool) !== valueOf(first));
        if (other === undefined) continue;
        const setting = path.join('.');
        yield {
          message: fitting(
            `pools ${first.name} and ${other.name} of machine config pool ${unit.name} differ in \`${setting}\``,
            `2 pools of machine config pool ${unit.name} differ in \`${setting}\``,
            `2 pools of a machine config pool differ in \`${setting}\``,
          ),
          primary: { at: placeAt(other.place, ...path), text: fittingLabel(`of pool ${other.name}`, 'of one pool') },
          secondary: [
            { at: placeAt(first.place, ...path), text: fittingLabel(`of pool ${first.name}`, 'of another pool') },
          ],
          help: ['say it in one of the pools'],
        };
      }
    }
  },
});

function withoutEffect(unit: PreparationUnit, pool: NodePool): FleetFinding {
  return {
    severity: 'warning',
    message: fitting(
      `\`maxUnavailable\` of pool ${pool.name} has no effect on machine config pool ${unit.name}`,
      `\`maxUnavailable\` has no effect on machine config pool ${unit.name}`,
    ),
    primary: { at: placeAt(pool.place, 'maxUnavailable'), text: `${unit.name} comes with the cluster` },
    notes: ['hostdev emits a MachineConfigPool for custom pools only'],
    help: [`set it on MachineConfigPool ${unit.name} itself, and remove it here`],
  };
}
