export type {
  DaemonSetPluginProps,
  DevicePluginDeploymentProps,
  DevicePluginProps,
  ImagePluginProps,
  PluginHostPath,
  PluginVariable,
} from './plugin-props';
export { DevicePlugin } from './device-plugin';
export type {
  DevicePluginProp,
  DeviceProps,
  DraProps,
  MediatedDeviceProps,
  PciDeviceProps,
  UsbDeviceProps,
  VgpuDeviceProps,
} from './devices';
export { HostDevice, MediatedDevice, PciDevice, UsbDevice, VgpuDevice } from './devices';
export type { FleetGitOpsProps, FleetKubeVirtProps, FleetProps, NvidiaPluginProps } from './fleet-props';
export { Fleet } from './fleet';
export { FleetApp } from './fleet-app';
export type { FleetObjectHead } from './fleet-object';
export { FleetObject } from './fleet-object';
export { InvalidFleetError } from './invalid-fleet-error';
export type {
  HostUseOptions,
  HugepagesProps,
  MediatedDeviceOptions,
  NodePoolProps,
  PassThroughOptions,
  TaintProps,
  VirtualFunctionOptions,
} from './node-pool';
export { NodePool } from './node-pool';
export type {
  ClaimOptions,
  DeviceChoice,
  GpuOptions,
  HostDeviceOptions,
  NumaProps,
  SpecOrManifest,
  TemplateMetadata,
  VirtualMachineInstanceOptions,
  VirtualMachineInstanceProps,
  VirtualMachineInstanceReplicaSetOptions,
  VirtualMachineInstanceReplicaSetProps,
  VirtualMachineOptions,
  VirtualMachinePoolOptions,
  VirtualMachinePoolProps,
  VirtualMachineProps,
} from './virtual-machine-props';
export {
  VirtualMachine,
  VirtualMachineInstance,
  VirtualMachineInstanceReplicaSet,
  VirtualMachinePool,
} from './virtual-machines';
