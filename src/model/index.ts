export type { BdfAddress } from './bdf-address';
export { compareBdfAddress, parseBdfAddress, repairedBdfAddress, slotOf } from './bdf-address';
export type {
  Device,
  DevicePluginChoice,
  DraAllocation,
  MediatedHostDevice,
  PciHostDevice,
  PciVendorSelector,
  UsbHostDevice,
  VgpuFramework,
  VgpuHostDevice,
} from './device';
export type { CurrentObject } from './current-object';
export type {
  Cluster,
  ConfigurationOwner,
  Fleet,
  FleetOrigin,
  KubeVirtTarget,
  DevicePluginHostPath,
  DevicePluginSettings,
  DevicePluginVariable,
  ImageDevicePlugin,
  OperatorName,
  VendorDevicePlugin,
} from './fleet';
export { groupBy } from './group-by';
export type { NodePlatform } from './node-platform';
export { NODE_PLATFORMS } from './node-platform';
export type {
  CpuVendor,
  HardwareFacts,
  HardwareReference,
  HostUse,
  HostUseKind,
  Hugepages,
  NodeHardware,
  NodeInventory,
  NumaNode,
  PciFunction,
  ReservedRegion,
  UsbDevice,
  VgpuType,
} from './inventory';
export { factPlace } from './inventory';
export { instancetypeOf, instancetypeReference, isInstancetypeKind, type InstancetypeField } from './instancetype';
export type { JsonObject, JsonValue } from './json';
export { copyOf, isJsonObject, jsonAt } from './json';
export { compareNatural, compareText } from './natural-order';
export type { GitOps, GitOpsDestination } from './gitops';
export type {
  Acknowledgement,
  Binding,
  DeclaredAddress,
  DeclaredAddresses,
  DeclaredHostUse,
  DeclaredHugepages,
  MediatedDeviceCreator,
  MediatedDeviceUse,
  NodePool,
  Passthrough,
  TalosSchematic,
  Taint,
  VirtualFunctionCreator,
  VirtualFunctionUse,
} from './node-pool';
export type { Parsed } from './parsed';
export { accepted, refused } from './parsed';
export type { PciClass, PciClassFamily, PciId } from './pci-id';
export { classCode, parsePciClass, parsePciId, pciClassFamily } from './pci-id';
export { parseQuantity } from './quantity';
export { resourceNameProblem } from './resource-name';
export type {
  DeviceClaim,
  DeviceRequest,
  MachineLayout,
  MachineSetFields,
  NumaRequest,
  VirtualMachine,
  VirtualMachineKind,
} from './virtual-machine';
export {
  instanceAnnotations,
  isMachineSet,
  isVirtualMachineKind,
  MACHINE_LAYOUTS,
  VIRTUAL_MACHINE_KINDS,
} from './virtual-machine';
