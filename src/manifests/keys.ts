import type { VirtualMachineKind } from '../model';

/** Keys of the objects of one MachineConfigPool, whether the analysis leaves them out or not. */
export interface UnitKeys {
  readonly kernelArguments: string;
  readonly vfio: string;
  readonly kubelet: string;
  readonly machineConfigPool: string;
}

/** The keys of the objects that prepare a MachineConfigPool's nodes: `unit/gpu/kernel-arguments`. */
export function unitKeys(machineConfigPool: string): UnitKeys {
  return {
    kernelArguments: `unit/${machineConfigPool}/kernel-arguments`,
    vfio: `unit/${machineConfigPool}/vfio`,
    kubelet: `unit/${machineConfigPool}/kubelet`,
    machineConfigPool: `unit/${machineConfigPool}/pool`,
  };
}

/** The key of the KubeVirt object's patch. */
export const KUBEVIRT_KEY = 'kubevirt';

const MACHINE_PREFIXES: Readonly<Record<VirtualMachineKind, string>> = {
  VirtualMachine: 'vm',
  VirtualMachineInstance: 'vmi',
  VirtualMachineInstanceReplicaSet: 'vmirs',
  VirtualMachinePool: 'vmpool',
};

/** The key of a VM: `vm/default/build01`; of a VirtualMachineInstance: `vmi/default/vmi-nvme`. */
export function virtualMachineKey(kind: VirtualMachineKind, namespace: string, name: string): string {
  return `${MACHINE_PREFIXES[kind]}/${namespace}/${name}`;
}

/** The key of a claim, or of the template of one: `claim/default/train-7-gpu1`. */
export function claimKey(namespace: string, name: string): string {
  return `claim/${namespace}/${name}`;
}

/** The key of the namespace that device plugins share. */
export const PLUGIN_NAMESPACE_KEY = 'device-plugins/namespace';

/** The key of a device plugin's DaemonSet: `device-plugin/nvidia` for NVIDIA's, else the plugin's name in the fleet. */
export function devicePluginKey(plugin: string): string {
  return `device-plugin/${plugin}`;
}

/** The keys of the objects of a device plugin that is deployed from an image. */
export function devicePluginKeys(plugin: string): {
  readonly serviceAccount: string;
  readonly roleBinding: string;
  readonly daemonSet: string;
} {
  const daemonSet = devicePluginKey(plugin);
  return { serviceAccount: `${daemonSet}/service-account`, roleBinding: `${daemonSet}/role-binding`, daemonSet };
}
