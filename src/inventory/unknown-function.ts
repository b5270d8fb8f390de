import type { PciFunction } from '../model';

/** A function of which nothing is known. */
export const UNKNOWN_FUNCTION: Omit<PciFunction, 'address' | 'place'> = {
  class: undefined,
  id: undefined,
  subsystem: undefined,
  revision: undefined,
  name: undefined,
  serial: undefined,
  driver: undefined,
  driverVersion: undefined,
  iommuGroup: undefined,
  reservedRegions: undefined,
  numaNode: undefined,
  bridges: undefined,
  resetMethods: undefined,
  totalVfs: undefined,
  numVfs: undefined,
  physicalFunction: undefined,
  mdevTypes: undefined,
  vgpuTypes: undefined,
  currentVgpuType: undefined,
  bootVga: undefined,
  hostUse: undefined,
};
