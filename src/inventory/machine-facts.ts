import type { NodeInventory } from '../model';

/** What an inventory says of the machine besides its PCI functions. */
export type MachineFacts = Omit<NodeInventory, 'node' | 'place' | 'functions' | 'hardware'>;

/** A machine of which nothing is known. */
export const UNKNOWN_MACHINE: MachineFacts = {
  productUuid: undefined,
  hostName: undefined,
  cpuVendor: undefined,
  architecture: undefined,
  kernelRelease: undefined,
  kernelArguments: undefined,
  iommuEnabled: undefined,
  vfioPciBuiltIn: undefined,
  vfioDeviceCdev: undefined,
  numaNodes: undefined,
  usbDevices: undefined,
};

/** The first machine's facts, its gaps filled from the second. */
export function completeMachine(known: MachineFacts, other: MachineFacts): MachineFacts {
  return {
    productUuid: known.productUuid ?? other.productUuid,
    hostName: known.hostName ?? other.hostName,
    cpuVendor: known.cpuVendor ?? other.cpuVendor,
    architecture: known.architecture ?? other.architecture,
    kernelRelease: known.kernelRelease ?? other.kernelRelease,
    kernelArguments: known.kernelArguments ?? other.kernelArguments,
    iommuEnabled: known.iommuEnabled ?? other.iommuEnabled,
    vfioPciBuiltIn: known.vfioPciBuiltIn ?? other.vfioPciBuiltIn,
    vfioDeviceCdev: known.vfioDeviceCdev ?? other.vfioDeviceCdev,
    numaNodes: known.numaNodes ?? other.numaNodes,
    usbDevices: known.usbDevices ?? other.usbDevices,
  };
}
