import { Construct } from 'constructs';
import { machineConfigNames } from '../analysis';
import { MACHINE_CONFIG_API, unitKeys } from '../manifests';
import type { Fleet } from './fleet';
import { constructId, type PreparationObjects } from './registry';

/** The objects of a MachineConfigPool: made by the first fleet pool that names it, shared by all. */
export function preparationObjects(
  fleet: Fleet,
  machineConfigPool: string,
  declaredNames: { readonly kernelArguments?: string; readonly vfio?: string },
): PreparationObjects {
  const { preparation } = fleet._registry;
  const known = preparation.get(machineConfigPool);
  if (known !== undefined) return known;
  const keys = unitKeys(machineConfigPool);
  const scope = new Construct(fleet._registry.scope('units'), constructId(machineConfigPool));
  const names = machineConfigNames(machineConfigPool, declaredNames);
  const head = (kind: string, name: string): { apiVersion: string; kind: string; name: string } => ({
    apiVersion: MACHINE_CONFIG_API,
    kind,
    name,
  });
  const made: PreparationObjects = {
    kernelArguments: fleet._object(scope, 'iommu', keys.kernelArguments, head('MachineConfig', names.kernelArguments)),
    vfio: fleet._object(scope, 'vfio', keys.vfio, head('MachineConfig', names.vfio)),
    kubelet: fleet._object(scope, 'kubelet', keys.kubelet, head('KubeletConfig', `100-${machineConfigPool}-kubelet`)),
    machineConfigPool: fleet._object(
      scope,
      'pool',
      keys.machineConfigPool,
      head('MachineConfigPool', machineConfigPool),
    ),
  };
  preparation.set(machineConfigPool, made);
  return made;
}
