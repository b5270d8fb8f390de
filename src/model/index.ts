export type { BdfAddress } from './bdf-address';
export { compareBdfAddress, parseBdfAddress, repairedBdfAddress, slotOf } from './bdf-address';
export type {
  Device,
  DevicePluginChoice,
  MediatedHostDevice,
  PciHostDevice,
  PciVendorSelector,
  UsbHostDevice,
} from './device';
export type {
  Cluster,
  CurrentObject,
  Fleet,
  KubeVirtTarget,
  NodePlatform,
  NvidiaPluginSettings,
  VendorDevicePlugin,
} from './fleet';
export type { CpuVendor, HostUse, HostUseKind, NodeInventory, PciFunction } from './inventory';
export type { JsonObject, JsonValue } from './json';
export { isJsonObject, jsonAt } from './json';
export { compareNatural, compareText } from './natural-order';
export type {
  Acknowledgement,
  Binding,
  DeclaredAddress,
  DeclaredAddresses,
  DeclaredHostUse,
  MediatedDeviceCreator,
  MediatedDeviceUse,
  NodePool,
  Passthrough,
  Taint,
} from './node-pool';
export type { Parsed } from './parsed';
export { accepted, refused } from './parsed';
export type { PciClass, PciClassFamily, PciId } from './pci-id';
export { classCode, parsePciClass, parsePciId, pciClassFamily } from './pci-id';
export { resourceNameProblem } from './resource-name';
export type { DeviceRequest, VirtualMachine, VirtualMachineKind } from './virtual-machine';
