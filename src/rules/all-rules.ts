/*
 * Every rule, once. A test ties this list to the folders.
 */
import { displacedEntry } from './kubevirt/displaced-entry';
import { missingGate } from './kubevirt/missing-gate';
import { redundantGate } from './kubevirt/redundant-gate';
import { unknownGate } from './kubevirt/unknown-gate';
import { unseenLists } from './kubevirt/unseen-lists';
import { absentParent } from './mdev/absent-parent';
import { collidingTypeNames } from './mdev/colliding-type-names';
import { paddedTypeName } from './mdev/padded-type-name';
import { parentPassedThrough } from './mdev/parent-passed-through';
import { removedByKubevirt } from './mdev/removed-by-kubevirt';
import { sharedResource } from './mdev/shared-resource';
import { spacedTypeName } from './mdev/spaced-type-name';
import { typeIdAsName } from './mdev/type-id-as-name';
import { unorderedTypes } from './mdev/unordered-types';
import { conflictingSetting } from './node/conflicting-setting';
import { controlPlane } from './node/control-plane';
import { duplicateProductUuid } from './node/duplicate-product-uuid';
import { ignoredArgument } from './node/ignored-argument';
import { inTwoPools } from './node/in-two-pools';
import { iommuOff } from './node/iommu-off';
import { mismatchedCpuVendor } from './node/mismatched-cpu-vendor';
import { quotedArgument } from './node/quoted-argument';
import { repeatedArgument } from './node/repeated-argument';
import { reservedName } from './node/reserved-name';
import { tooManyIds } from './node/too-many-ids';
import { undeclaredMembers } from './node/undeclared-members';
import { unidentifiedNode } from './node/unidentified-node';
import { unknownCpuVendor } from './node/unknown-cpu-vendor';
import { unknownDevice as nodeUnknownDevice } from './node/unknown-device';
import { unlistedNode } from './node/unlisted-node';
import { unsafeArgument } from './node/unsafe-argument';
import { untoleratedTaint } from './node/untolerated-taint';
import { withoutInventory } from './node/without-inventory';
import { absentDevice } from './pci/absent-device';
import { bridgeSelected } from './pci/bridge-selected';
import { denylistedDevice } from './pci/denylisted-device';
import { doubleProvider } from './pci/double-provider';
import { duplicateSelector } from './pci/duplicate-selector';
import { functionListedTwice } from './pci/function-listed-twice';
import { hostDeviceBound } from './pci/host-device-bound';
import { hostUsedGroupMember } from './pci/host-used-group-member';
import { malformedAddress } from './pci/malformed-address';
import { malformedSelector } from './pci/malformed-selector';
import { mismatchedAddress } from './pci/mismatched-address';
import { sharedIommuGroup } from './pci/shared-iommu-group';
import { splitIommuGroup } from './pci/split-iommu-group';
import { unboundGroupMember } from './pci/unbound-group-member';
import { unknownAddress } from './pci/unknown-address';
import { unknownHostUse } from './pci/unknown-host-use';
import { unmatchedHostUse } from './pci/unmatched-host-use';
import { unsafeIdBinding } from './pci/unsafe-id-binding';
import { collidingSocket } from './resource/colliding-socket';
import { conflictingProvider } from './resource/conflicting-provider';
import { crossSectionName } from './resource/cross-section-name';
import { invalidName } from './resource/invalid-name';
import { longName } from './resource/long-name';
import { misnamedResource } from './resource/misnamed-resource';
import { takenName } from './resource/taken-name';
import { uncheckedProvider } from './resource/unchecked-provider';
import { unnamedResource } from './resource/unnamed-resource';
import { unusedDevice } from './resource/unused-device';
import { overlappingSelector } from './usb/overlapping-selector';
import { repeatedSelector } from './usb/repeated-selector';
import { selectorBundle } from './usb/selector-bundle';
import { blockedDrain } from './vm/blocked-drain';
import { collidingVariables } from './vm/colliding-variables';
import { deviceInBothLists } from './vm/device-in-both-lists';
import { deviceInResources } from './vm/device-in-resources';
import { duplicateDeviceName } from './vm/duplicate-device-name';
import { impossiblePlacement } from './vm/impossible-placement';
import { invalidDeviceName } from './vm/invalid-device-name';
import { oversubscribedDevice } from './vm/oversubscribed-device';
import { scatteredDevices } from './vm/scattered-devices';
import { unknownDevice as vmUnknownDevice } from './vm/unknown-device';
import { unknownNode } from './vm/unknown-node';
import { unknownPool } from './vm/unknown-pool';
import { unprovidedDevice } from './vm/unprovided-device';
import { usbInGpus } from './vm/usb-in-gpus';
import type { FleetRule } from './rule';

/** The rules about fleets, in the order of their slugs. */
export const RULES: readonly FleetRule[] = [
  displacedEntry,
  missingGate,
  redundantGate,
  unknownGate,
  unseenLists,
  absentParent,
  collidingTypeNames,
  paddedTypeName,
  parentPassedThrough,
  removedByKubevirt,
  sharedResource,
  spacedTypeName,
  typeIdAsName,
  unorderedTypes,
  conflictingSetting,
  controlPlane,
  duplicateProductUuid,
  ignoredArgument,
  inTwoPools,
  iommuOff,
  mismatchedCpuVendor,
  quotedArgument,
  repeatedArgument,
  reservedName,
  tooManyIds,
  undeclaredMembers,
  unidentifiedNode,
  unknownCpuVendor,
  nodeUnknownDevice,
  unlistedNode,
  unsafeArgument,
  untoleratedTaint,
  withoutInventory,
  absentDevice,
  bridgeSelected,
  denylistedDevice,
  doubleProvider,
  duplicateSelector,
  functionListedTwice,
  hostDeviceBound,
  hostUsedGroupMember,
  malformedAddress,
  malformedSelector,
  mismatchedAddress,
  sharedIommuGroup,
  splitIommuGroup,
  unboundGroupMember,
  unknownAddress,
  unknownHostUse,
  unmatchedHostUse,
  unsafeIdBinding,
  collidingSocket,
  conflictingProvider,
  crossSectionName,
  invalidName,
  longName,
  misnamedResource,
  takenName,
  uncheckedProvider,
  unnamedResource,
  unusedDevice,
  overlappingSelector,
  repeatedSelector,
  selectorBundle,
  blockedDrain,
  collidingVariables,
  deviceInBothLists,
  deviceInResources,
  duplicateDeviceName,
  impossiblePlacement,
  invalidDeviceName,
  oversubscribedDevice,
  scatteredDevices,
  vmUnknownDevice,
  unknownNode,
  unknownPool,
  unprovidedDevice,
  usbInGpus,
];
