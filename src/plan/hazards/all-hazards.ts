import type { PlanHazard } from './hazard';
import { rebootsWithoutAsking } from './reboots-without-asking';
import { leavesObjects } from './leaves-objects';
import { changesAccess } from './changes-access';
import { blocksDrain } from './blocks-drain';
import { changesProvider } from './changes-provider';
import { keepsStalePlugin } from './keeps-stale-plugin';
import { leavesNodePreparation } from './leaves-node-preparation';
import { movesIommuBoundary } from './moves-iommu-boundary';
import { movesNodes } from './moves-nodes';
import { needsReinstallation } from './needs-reinstallation';
import { needsVmRestart } from './needs-vm-restart';
import { rebindsDriver } from './rebinds-driver';
import { rebootsNodes } from './reboots-nodes';
import { rebootsPoolsAtOnce } from './reboots-pools-at-once';
import { reducesCapacity } from './reduces-capacity';
import { removesMediatedDevices } from './removes-mediated-devices';
import { removesVirtualMachines } from './removes-virtual-machines';
import { renamesMachineConfig } from './renames-machine-config';
import { reordersKernelArguments } from './reorders-kernel-arguments';
import { replacesDevicePlugin } from './replaces-device-plugin';
import { stopsVirtualMachines } from './stops-virtual-machines';
import { strandsVirtualMachines } from './strands-virtual-machines';
import { turnsOffGates } from './turns-off-gates';
import { withdrawsPermission } from './withdraws-permission';

/** Every hazard, in the order of the slugs. The list is closed: what `--allow` takes is a name of it. */
export const HAZARDS: readonly PlanHazard[] = [
  blocksDrain,
  changesAccess,
  changesProvider,
  keepsStalePlugin,
  leavesNodePreparation,
  leavesObjects,
  movesIommuBoundary,
  movesNodes,
  needsReinstallation,
  needsVmRestart,
  rebindsDriver,
  rebootsNodes,
  rebootsPoolsAtOnce,
  rebootsWithoutAsking,
  reducesCapacity,
  removesMediatedDevices,
  removesVirtualMachines,
  renamesMachineConfig,
  reordersKernelArguments,
  replacesDevicePlugin,
  stopsVirtualMachines,
  strandsVirtualMachines,
  turnsOffGates,
  withdrawsPermission,
];
