import type { NodePool } from '../model';

/** Names of the MachineConfigs of one pool. Equal names make one object of both. */
export interface MachineConfigNames {
  readonly kernelArguments: string;
  readonly vfio: string;
}

/**
 * The names of a MachineConfigPool's MachineConfigs: those that the fleet states, so that existing objects keep theirs, else
 * those of OpenShift Virtualization's documentation, `100-gpu-iommu` and `100-gpu-vfiopci`.
 *
 * They depend on the pool and the purpose, never on the content: a renamed config rolls the pool out twice.
 *
 * @see https://docs.openshift.com/container-platform/4.17/virt/managing_vms/advanced_vm_management/virt-configuring-pci-passthrough.html
 */
export function machineConfigNames(
  machineConfigPool: string,
  declared: { readonly kernelArguments?: string | undefined; readonly vfio?: string | undefined },
): MachineConfigNames {
  return {
    kernelArguments: declared.kernelArguments ?? `100-${machineConfigPool}-iommu`,
    vfio: declared.vfio ?? `100-${machineConfigPool}-vfiopci`,
  };
}

/** The names of a unit's MachineConfigs: what its pools say, the first that says anything. */
export function unitConfigNames(machineConfigPool: string, pools: readonly NodePool[]): MachineConfigNames {
  const declared = (which: keyof MachineConfigNames): string | undefined =>
    pools.map(({ machineConfigNames: names }) => names[which]).find((name) => name !== undefined);
  return machineConfigNames(machineConfigPool, {
    kernelArguments: declared('kernelArguments'),
    vfio: declared('vfio'),
  });
}
