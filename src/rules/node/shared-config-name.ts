import type { PreparationUnit } from '../../analysis';
import { keyPlace, placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting, fittingLabel } from '../words';

const PURPOSES = ['kernelArguments', 'vfio'] as const;

export const sharedConfigName = defineRule({
  code: 'NOD421',
  slug: 'node/shared-config-name',
  severity: 'error',
  suppressible: false,
  needs: [],
  manifests: [],
  summary: 'two machine config pools would write one MachineConfig',
  why: `
MachineConfigs have no namespace: two objects of one name are one object, and the one that is applied last wins, with its role. The other
pool loses its kernel arguments or its bindings and reboots, and the next sync turns it round.`,
  sources: [
    {
      claim: 'a MachineConfig belongs to the pool whose selector meets its role label',
      url: `${MACHINE_CONFIG_OPERATOR}/489662a080f196d8e5448444613a8d5fe9bfb9f0/pkg/controller/kubelet-config/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one name for two pools',
        yaml: exampleFleet(`
nodePools:
  a: { nodes: [node01], machineConfigNames: { vfio: 100-x } }
  b: { nodes: [node02], machineConfigNames: { vfio: «100-x» } }
`),
      },
      {
        name: 'the arguments of one pool and the bindings of another',
        yaml: exampleFleet(`
nodePools:
  a: { nodes: [node01], machineConfigNames: { kernelArguments: 100-x } }
  b: { nodes: [node02], machineConfigNames: { vfio: «100-x» } }
`),
      },
    ],
    good: [
      {
        name: 'two fleet pools of one machine config pool',
        yaml: exampleFleet(`
nodePools:
  a: { nodes: [node01], machineConfigPool: gpu, machineConfigNames: { vfio: 100-x } }
  b: { nodes: [node02], machineConfigPool: gpu, machineConfigNames: { vfio: 100-x } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const owners = new Map<string, PreparationUnit>();
    for (const unit of analysis.units.filter(({ platform }) => platform === 'openshift')) {
      for (const name of new Set(PURPOSES.map((purpose) => unit.configNames[purpose]))) {
        const owner = owners.get(name);
        owners.set(name, owner ?? unit);
        if (owner === undefined) continue;
        // the place to change is the one where the name was typed
        const [primary, secondary] =
          declaredAt(unit, name) === undefined && declaredAt(owner, name) !== undefined ? [owner, unit] : [unit, owner];
        yield {
          message: fitting(
            `MachineConfig ${name} would belong to machine config pools ${owner.name} and ${unit.name}`,
            'a MachineConfig would belong to 2 machine config pools',
          ),
          primary: { at: placeOf(primary, name), text: fittingLabel(`written for ${primary.name}`, 'written here') },
          secondary: [
            { at: placeOf(secondary, name), text: fittingLabel(`written for ${secondary.name} too`, 'and here') },
          ],
          notes: ['the machine-config-operator gives a MachineConfig to the pool that its role label names'],
          help: ['give one of them another name under `machineConfigNames`'],
        };
      }
    }
  },
});

function declaredAt({ pools }: PreparationUnit, name: string): Place | undefined {
  for (const pool of pools) {
    for (const purpose of PURPOSES) {
      if (pool.machineConfigNames[purpose] === name) return placeAt(pool.place, 'machineConfigNames', purpose);
    }
  }
  return undefined;
}

function placeOf(unit: PreparationUnit, name: string): Place {
  const [pool] = unit.pools;
  if (pool === undefined) throw new RangeError('a unit has at least one pool');
  return declaredAt(unit, name) ?? keyPlace(pool.place);
}
