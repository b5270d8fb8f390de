/*
 * Every rule, once. A test ties this list to the folders.
 */
import { credentialsInUrl } from './gitops/credentials-in-url';
import { claimsUnderHyperconverged } from './kubevirt/claims-under-hyperconverged';
import { deprecatedVersion } from './kubevirt/deprecated-version';
import { displacedEntry } from './kubevirt/displaced-entry';
import { droppedEntry } from './kubevirt/dropped-entry';
import { gateOnBothSides } from './kubevirt/gate-on-both-sides';
import { halfPatchedGate } from './kubevirt/half-patched-gate';
import { iommufdOnOldKernel } from './kubevirt/iommufd-on-old-kernel';
import { misplacedLists } from './kubevirt/misplaced-lists';
import { missingGate as kubevirtMissingGate } from './kubevirt/missing-gate';
import { neverUpdated } from './kubevirt/never-updated';
import { otherVersion } from './kubevirt/other-version';
import { overwrittenObject } from './kubevirt/overwritten-object';
import { pluginsWithPci } from './kubevirt/plugins-with-pci';
import { redundantGate } from './kubevirt/redundant-gate';
import { rejectedConfiguration } from './kubevirt/rejected-configuration';
import { strayApiVersion } from './kubevirt/stray-api-version';
import { turnedOffEntry } from './kubevirt/turned-off-entry';
import { unknownGate } from './kubevirt/unknown-gate';
import { unreachableGate } from './kubevirt/unreachable-gate';
import { unseenLists } from './kubevirt/unseen-lists';
import { absentParent } from './mdev/absent-parent';
import { collidingTypeNames } from './mdev/colliding-type-names';
import { contradictedFramework } from './mdev/contradicted-framework';
import { deprecatedList } from './mdev/deprecated-list';
import { emptyNodeList } from './mdev/empty-node-list';
import { foreignMaker } from './mdev/foreign-maker';
import { overlappingNodeLists } from './mdev/overlapping-node-lists';
import { paddedTypeName } from './mdev/padded-type-name';
import { parentPassedThrough } from './mdev/parent-passed-through';
import { removedByKubevirt } from './mdev/removed-by-kubevirt';
import { sharedResource } from './mdev/shared-resource';
import { spacedTypeName } from './mdev/spaced-type-name';
import { tooManyInstances } from './mdev/too-many-instances';
import { twoMakers } from './mdev/two-makers';
import { twoSwitches } from './mdev/two-switches';
import { typeIdAsName } from './mdev/type-id-as-name';
import { unknownFramework } from './mdev/unknown-framework';
import { unmadeGpuInstance } from './mdev/unmade-gpu-instance';
import { unorderedTypes } from './mdev/unordered-types';
import { unpermittedType } from './mdev/unpermitted-type';
import { wrongMaker } from './mdev/wrong-maker';
import { changeWithoutReboot } from './node/change-without-reboot';
import { changedConfig } from './node/changed-config';
import { configWithoutRole } from './node/config-without-role';
import { conflictingSetting } from './node/conflicting-setting';
import { contestedFile } from './node/contested-file';
import { controlPlane } from './node/control-plane';
import { duplicateProductUuid } from './node/duplicate-product-uuid';
import { emptyPool } from './node/empty-pool';
import { generatedConfig } from './node/generated-config';
import { harvester } from './node/harvester';
import { idListArgument } from './node/id-list-argument';
import { ignoredArgument } from './node/ignored-argument';
import { inTwoCustomPools } from './node/in-two-custom-pools';
import { inTwoPools } from './node/in-two-pools';
import { inertArgument } from './node/inert-argument';
import { inheritedIommuOff } from './node/inherited-iommu-off';
import { invalidFileMode } from './node/invalid-file-mode';
import { invalidKubeletSettings } from './node/invalid-kubelet-settings';
import { invalidLabel } from './node/invalid-label';
import { iommuOff } from './node/iommu-off';
import { irreconcilableSection } from './node/irreconcilable-section';
import { lateIdList } from './node/late-id-list';
import { longNodeName } from './node/long-node-name';
import { lostGuarantee } from './node/lost-guarantee';
import { lostIdList } from './node/lost-id-list';
import { malformedId } from './node/malformed-id';
import { mismatchedCpuVendor } from './node/mismatched-cpu-vendor';
import { missingIommuArgument } from './node/missing-iommu-argument';
import { missingVfioCdev } from './node/missing-vfio-cdev';
import { mixedGpuWorkloads } from './node/mixed-gpu-workloads';
import { ownedConfiguration } from './node/owned-configuration';
import { passthroughDomainWithSnp } from './node/passthrough-domain-with-snp';
import { platformVersion } from './node/platform-version';
import { poolWithoutWorker } from './node/pool-without-worker';
import { quotedArgument } from './node/quoted-argument';
import { removedModule } from './node/removed-module';
import { repeatedArgument } from './node/repeated-argument';
import { reservedName } from './node/reserved-name';
import { sharedArgument } from './node/shared-argument';
import { sharedConfigName } from './node/shared-config-name';
import { splitHugepages } from './node/split-hugepages';
import { splitIdList } from './node/split-id-list';
import { tooManyIds } from './node/too-many-ids';
import { uncarriedEffect } from './node/uncarried-effect';
import { uncleanPath } from './node/unclean-path';
import { uncountedVgpus } from './node/uncounted-vgpus';
import { undeclaredMembers } from './node/undeclared-members';
import { undeclaredTaint } from './node/undeclared-taint';
import { unidentifiedNode } from './node/unidentified-node';
import { unknownCpuVendor } from './node/unknown-cpu-vendor';
import { unknownDevice as nodeUnknownDevice } from './node/unknown-device';
import { unknownGpuWorkload } from './node/unknown-gpu-workload';
import { unlistedNode } from './node/unlisted-node';
import { unmatchedFeatureRule } from './node/unmatched-feature-rule';
import { unreadFile } from './node/unread-file';
import { unreadableIgnition } from './node/unreadable-ignition';
import { unsafeArgument } from './node/unsafe-argument';
import { unseenConfig } from './node/unseen-config';
import { unselectedKubeletConfig } from './node/unselected-kubelet-config';
import { untoleratedTaint } from './node/untolerated-taint';
import { weakerTopologyPolicy } from './node/weaker-topology-policy';
import { withoutInventory } from './node/without-inventory';
import { absentDevice } from './pci/absent-device';
import { behindVmd } from './pci/behind-vmd';
import { boundClaimedDevice } from './pci/bound-claimed-device';
import { boundSriovCard } from './pci/bound-sriov-card';
import { bridgeSelected } from './pci/bridge-selected';
import { claimedBySriovPolicy } from './pci/claimed-by-sriov-policy';
import { consoleGpu } from './pci/console-gpu';
import { denylistedDevice } from './pci/denylisted-device';
import { doubleProvider } from './pci/double-provider';
import { duplicateSelector } from './pci/duplicate-selector';
import { functionListedTwice } from './pci/function-listed-twice';
import { hostAddressListed } from './pci/host-address-listed';
import { hostDeviceBound } from './pci/host-device-bound';
import { hostUsedGroupMember } from './pci/host-used-group-member';
import { interchangeableDrives } from './pci/interchangeable-drives';
import { malformedAddress } from './pci/malformed-address';
import { malformedSelector as pciMalformedSelector } from './pci/malformed-selector';
import { mismatchedAddress } from './pci/mismatched-address';
import { mixedGraceIds } from './pci/mixed-grace-ids';
import { reservedRegion } from './pci/reserved-region';
import { secondBinder } from './pci/second-binder';
import { secondVgpuType } from './pci/second-vgpu-type';
import { selectorListedTwice } from './pci/selector-listed-twice';
import { sharedIommuGroup } from './pci/shared-iommu-group';
import { sharedNvswitch } from './pci/shared-nvswitch';
import { splitIommuGroup } from './pci/split-iommu-group';
import { tooManyVirtualFunctions } from './pci/too-many-virtual-functions';
import { unboundGroupMember } from './pci/unbound-group-member';
import { unknownAddress } from './pci/unknown-address';
import { unknownHostUse } from './pci/unknown-host-use';
import { unmatchedHostUse } from './pci/unmatched-host-use';
import { unsafeIdBinding } from './pci/unsafe-id-binding';
import { unverifiedBinding } from './pci/unverified-binding';
import { variantDriver } from './pci/variant-driver';
import { vgpuOnOldKubevirt } from './pci/vgpu-on-old-kubevirt';
import { claimOnOldRelease } from './resource/claim-on-old-release';
import { collidingSocket } from './resource/colliding-socket';
import { conflictingProvider } from './resource/conflicting-provider';
import { crossSectionName } from './resource/cross-section-name';
import { invalidName } from './resource/invalid-name';
import { longName } from './resource/long-name';
import { misnamedResource } from './resource/misnamed-resource';
import { missingDriverGate } from './resource/missing-driver-gate';
import { repeatedPluginEntry } from './resource/repeated-plugin-entry';
import { secondDevicePlugin } from './resource/second-device-plugin';
import { sharedName } from './resource/shared-name';
import { takenName } from './resource/taken-name';
import { uncheckedProvider } from './resource/unchecked-provider';
import { unexpectedAllocatable } from './resource/unexpected-allocatable';
import { unknownDevicePlugin } from './resource/unknown-device-plugin';
import { unnamedResource } from './resource/unnamed-resource';
import { unpinnedImage } from './resource/unpinned-image';
import { unusedDevice } from './resource/unused-device';
import { unusedDevicePlugin } from './resource/unused-device-plugin';
import { wholeHost } from './resource/whole-host';
import { interchangeableUnits } from './usb/interchangeable-units';
import { malformedSelector as usbMalformedSelector } from './usb/malformed-selector';
import { overlappingSelector } from './usb/overlapping-selector';
import { repeatedSelector } from './usb/repeated-selector';
import { selectorBundle } from './usb/selector-bundle';
import { withoutSelector } from './usb/without-selector';
import { blockedDrain } from './vm/blocked-drain';
import { brokenClaim } from './vm/broken-claim';
import { brokenCpuPinning } from './vm/broken-cpu-pinning';
import { brokenDataVolumeTemplate } from './vm/broken-data-volume-template';
import { brokenExpression } from './vm/broken-expression';
import { brokenLaunchSecurity } from './vm/broken-launch-security';
import { brokenProbe } from './vm/broken-probe';
import { claimWithoutDriver } from './vm/claim-without-driver';
import { claimedHostDevice } from './vm/claimed-host-device';
import { collidingVariables } from './vm/colliding-variables';
import { conflictingInstancetype } from './vm/conflicting-instancetype';
import { contradictedNuma } from './vm/contradicted-numa';
import { crowdedRootBus } from './vm/crowded-root-bus';
import { deviceInBothLists } from './vm/device-in-both-lists';
import { deviceInResources } from './vm/device-in-resources';
import { deviceWithoutIommufd } from './vm/device-without-iommufd';
import { deviceWithoutNumaHint } from './vm/device-without-numa-hint';
import { deviceWithoutNumaNode } from './vm/device-without-numa-node';
import { devicesAcrossNumaNodes } from './vm/devices-across-numa-nodes';
import { displayOnPci } from './vm/display-on-pci';
import { duplicateDeviceName } from './vm/duplicate-device-name';
import { idleNumaRequest } from './vm/idle-numa-request';
import { ignoredTag } from './vm/ignored-tag';
import { impossiblePlacement } from './vm/impossible-placement';
import { invalidDeviceName } from './vm/invalid-device-name';
import { invalidMetadata } from './vm/invalid-metadata';
import { largerThanNumaNode } from './vm/larger-than-numa-node';
import { missingGate as vmMissingGate } from './vm/missing-gate';
import { missingGraceSetting } from './vm/missing-grace-setting';
import { mixedAllocation } from './vm/mixed-allocation';
import { otherArchitecture } from './vm/other-architecture';
import { overcommittedMemory } from './vm/overcommitted-memory';
import { oversizedClaim } from './vm/oversized-claim';
import { oversubscribedDevice } from './vm/oversubscribed-device';
import { pcieTopologyOnOldKubevirt } from './vm/pcie-topology-on-old-kubevirt';
import { refusedValue } from './vm/refused-value';
import { s390xDevice } from './vm/s390x-device';
import { scatteredDevices } from './vm/scattered-devices';
import { severalRamfbs } from './vm/several-ramfbs';
import { sharedClaim } from './vm/shared-claim';
import { shortMemory } from './vm/short-memory';
import { unadvertisedDevice } from './vm/unadvertised-device';
import { unalignedNuma } from './vm/unaligned-numa';
import { unclearRunStrategy } from './vm/unclear-run-strategy';
import { unevenHugepages } from './vm/uneven-hugepages';
import { unguaranteedAddress } from './vm/unguaranteed-address';
import { unknownDevice as vmUnknownDevice } from './vm/unknown-device';
import { unknownNode } from './vm/unknown-node';
import { unknownPool } from './vm/unknown-pool';
import { unmatchedSelector } from './vm/unmatched-selector';
import { unmetPreference } from './vm/unmet-preference';
import { unpairedNetwork } from './vm/unpaired-network';
import { unpinnedNuma } from './vm/unpinned-numa';
import { unprovidedDevice } from './vm/unprovided-device';
import { unsupportedOnArm64 } from './vm/unsupported-on-arm64';
import { untoleratedTaint as vmUntoleratedTaint } from './vm/untolerated-taint';
import { unwantedDisplay } from './vm/unwanted-display';
import { usbInGpus } from './vm/usb-in-gpus';
import { withoutHugepages } from './vm/without-hugepages';
import { withoutStaticCpus } from './vm/without-static-cpus';
import type { FleetRule } from './rule';

/** The rules about fleets, in the order of their slugs. */
export const RULES: readonly FleetRule[] = [
  credentialsInUrl,
  claimsUnderHyperconverged,
  deprecatedVersion,
  displacedEntry,
  droppedEntry,
  gateOnBothSides,
  halfPatchedGate,
  iommufdOnOldKernel,
  misplacedLists,
  kubevirtMissingGate,
  neverUpdated,
  otherVersion,
  overwrittenObject,
  pluginsWithPci,
  redundantGate,
  rejectedConfiguration,
  strayApiVersion,
  turnedOffEntry,
  unknownGate,
  unreachableGate,
  unseenLists,
  absentParent,
  collidingTypeNames,
  contradictedFramework,
  deprecatedList,
  emptyNodeList,
  foreignMaker,
  overlappingNodeLists,
  paddedTypeName,
  parentPassedThrough,
  removedByKubevirt,
  sharedResource,
  spacedTypeName,
  tooManyInstances,
  twoMakers,
  twoSwitches,
  typeIdAsName,
  unknownFramework,
  unmadeGpuInstance,
  unorderedTypes,
  unpermittedType,
  wrongMaker,
  changeWithoutReboot,
  changedConfig,
  configWithoutRole,
  conflictingSetting,
  contestedFile,
  controlPlane,
  duplicateProductUuid,
  emptyPool,
  generatedConfig,
  harvester,
  idListArgument,
  ignoredArgument,
  inTwoCustomPools,
  inTwoPools,
  inertArgument,
  inheritedIommuOff,
  invalidFileMode,
  invalidKubeletSettings,
  invalidLabel,
  iommuOff,
  irreconcilableSection,
  lateIdList,
  longNodeName,
  lostGuarantee,
  lostIdList,
  malformedId,
  mismatchedCpuVendor,
  missingIommuArgument,
  missingVfioCdev,
  mixedGpuWorkloads,
  ownedConfiguration,
  passthroughDomainWithSnp,
  platformVersion,
  poolWithoutWorker,
  quotedArgument,
  removedModule,
  repeatedArgument,
  reservedName,
  sharedArgument,
  sharedConfigName,
  splitHugepages,
  splitIdList,
  tooManyIds,
  uncarriedEffect,
  uncleanPath,
  uncountedVgpus,
  undeclaredMembers,
  undeclaredTaint,
  unidentifiedNode,
  unknownCpuVendor,
  nodeUnknownDevice,
  unknownGpuWorkload,
  unlistedNode,
  unmatchedFeatureRule,
  unreadFile,
  unreadableIgnition,
  unsafeArgument,
  unseenConfig,
  unselectedKubeletConfig,
  untoleratedTaint,
  weakerTopologyPolicy,
  withoutInventory,
  absentDevice,
  behindVmd,
  boundClaimedDevice,
  boundSriovCard,
  bridgeSelected,
  claimedBySriovPolicy,
  consoleGpu,
  denylistedDevice,
  doubleProvider,
  duplicateSelector,
  functionListedTwice,
  hostAddressListed,
  hostDeviceBound,
  hostUsedGroupMember,
  interchangeableDrives,
  malformedAddress,
  pciMalformedSelector,
  mismatchedAddress,
  mixedGraceIds,
  reservedRegion,
  secondBinder,
  secondVgpuType,
  selectorListedTwice,
  sharedIommuGroup,
  sharedNvswitch,
  splitIommuGroup,
  tooManyVirtualFunctions,
  unboundGroupMember,
  unknownAddress,
  unknownHostUse,
  unmatchedHostUse,
  unsafeIdBinding,
  unverifiedBinding,
  variantDriver,
  vgpuOnOldKubevirt,
  claimOnOldRelease,
  collidingSocket,
  conflictingProvider,
  crossSectionName,
  invalidName,
  longName,
  misnamedResource,
  missingDriverGate,
  repeatedPluginEntry,
  secondDevicePlugin,
  sharedName,
  takenName,
  uncheckedProvider,
  unexpectedAllocatable,
  unknownDevicePlugin,
  unnamedResource,
  unpinnedImage,
  unusedDevice,
  unusedDevicePlugin,
  wholeHost,
  interchangeableUnits,
  usbMalformedSelector,
  overlappingSelector,
  repeatedSelector,
  selectorBundle,
  withoutSelector,
  blockedDrain,
  brokenClaim,
  brokenCpuPinning,
  brokenDataVolumeTemplate,
  brokenExpression,
  brokenLaunchSecurity,
  brokenProbe,
  claimWithoutDriver,
  claimedHostDevice,
  collidingVariables,
  conflictingInstancetype,
  contradictedNuma,
  crowdedRootBus,
  deviceInBothLists,
  deviceInResources,
  deviceWithoutIommufd,
  deviceWithoutNumaHint,
  deviceWithoutNumaNode,
  devicesAcrossNumaNodes,
  displayOnPci,
  duplicateDeviceName,
  idleNumaRequest,
  ignoredTag,
  impossiblePlacement,
  invalidDeviceName,
  invalidMetadata,
  largerThanNumaNode,
  vmMissingGate,
  missingGraceSetting,
  mixedAllocation,
  otherArchitecture,
  overcommittedMemory,
  oversizedClaim,
  oversubscribedDevice,
  pcieTopologyOnOldKubevirt,
  refusedValue,
  s390xDevice,
  scatteredDevices,
  severalRamfbs,
  sharedClaim,
  shortMemory,
  unadvertisedDevice,
  unalignedNuma,
  unclearRunStrategy,
  unevenHugepages,
  unguaranteedAddress,
  vmUnknownDevice,
  unknownNode,
  unknownPool,
  unmatchedSelector,
  unmetPreference,
  unpairedNetwork,
  unpinnedNuma,
  unprovidedDevice,
  unsupportedOnArm64,
  vmUntoleratedTaint,
  unwantedDisplay,
  usbInGpus,
  withoutHugepages,
  withoutStaticCpus,
];
