import { Construct } from 'constructs';
import { machineConfigNames } from '../analysis';
import { MACHINE_CONFIG_API, unitKeys } from '../manifests';
import type { Fleet } from './fleet';
import type { FleetObject } from './fleet-object';
import { constructId } from './registry';

/** The objects of one MachineConfigPool. */
export interface PreparationObjects {
  readonly kernelArguments: FleetObject;
  readonly vfio: FleetObject;
  readonly kubelet: FleetObject;
  readonly machineConfigPool: FleetObject;
}

/** The objects of a MachineConfigPool: made by the first fleet pool that names it, shared by all. */
export function preparationObjects(
  fleet: Fleet,
  machineConfigPool: string,
  declaredNames: { readonly kernelArguments?: string; readonly vfio?: string },
): PreparationObjects {
  const keys = unitKeys(machineConfigPool);
  const { objects } = fleet._registry;
  const known = {
    kernelArguments: objects.get(keys.kernelArguments),
    vfio: objects.get(keys.vfio),
    kubelet: objects.get(keys.kubelet),
    machineConfigPool: objects.get(keys.machineConfigPool),
  };
  const { kernelArguments, vfio, kubelet, machineConfigPool: pool } = known;
  if (kernelArguments !== undefined && vfio !== undefined && kubelet !== undefined && pool !== undefined) {
    return { kernelArguments, vfio, kubelet, machineConfigPool: pool };
  }
  const scope = new Construct(fleet._registry.scope('units'), constructId(machineConfigPool));
  const names = machineConfigNames(machineConfigPool, declaredNames);
  const head = (kind: string, name: string): { apiVersion: string; kind: string; name: string } => ({
    apiVersion: MACHINE_CONFIG_API,
    kind,
    name,
  });
  return {
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
}
