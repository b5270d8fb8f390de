export type * from './api-types.generated';
export { apiVersionOf, isDeprecatedApiVersion } from './api-versions';
export type { CelComplaint } from './cel-syntax';
export { celComplaint } from './cel-syntax';
export type { ConfigurationLayout, GateForm, HyperConvergedApiVersion } from './configuration-layout';
export { configurationLayout } from './configuration-layout';
export type { OwnerStatement } from './configuration-owner';
export { defaultOwnerIdentity, ownerLayout } from './configuration-owner';
export { KUBEVIRT_RESOURCE_DOMAIN, KUBEVIRT_RESOURCES } from './defaults';
export { migratesDevices } from './device-migration';
export type { FeatureGateLists, GateStage } from './feature-gates';
export { gateEnabled, gateStage, isKnownGate, knownGates, nearestGate } from './feature-gates';
export type { HyperConvergedGate } from './hyperconverged';
export { DEPLOY_AIE_ANNOTATION, hyperConvergedGate, KUBEVIRT_PATCH_ANNOTATION } from './hyperconverged';
export type { DeviceVariable } from './names';
export {
  environmentVariableOf,
  normalisedMdevName,
  nvidiaDeviceName,
  nvidiaPluginName,
  nvidiaPluginResourceName,
  nvidiaVgpuResourceName,
} from './names';
export type { CpuTopology, InstancetypeOwnedField } from './instancetype-fields';
export {
  alwaysInstancetypeOwned,
  instancetypeOwnedFields,
  instancetypeTopology,
  isStated,
  overcommittedRequest,
  takesMemoryBeside,
} from './instancetype-fields';
export { nearestName } from './nearest-name';
export { OPENSHIFT_VIRTUALIZATION_RELEASES, releaseInOpenShiftVirtualization } from './openshift-virtualization';
export type { DriverAttributes, ResourceApiVersion } from './resource-claims';
export {
  celOfAddresses,
  celOfPcieRoot,
  claimNames,
  driverAttributes,
  kubernetesVersionOf,
  NVIDIA_DRA_DRIVER,
  resourceApiVersion,
} from './resource-claims';
export {
  BUILTIN_SOCKETS,
  LONGEST_SOCKET_PATH,
  mediatedSocketName,
  nvidiaPluginSocketName,
  pciSocketName,
  socketPathLength,
  usbSocketName,
} from './plugin-sockets';
export type { SchemaComplaint, SchemaComplaintKind } from './schema/complaint';
export { complaintHistory } from './schema/complaint';
export { scalarCheck, type ScalarCheck } from './schema/scalar-check';
export type { ValidationTarget } from './schema/validate';
export { hasSchema, validateFragment, validateObject } from './schema/validate';
export type { VersionDifference } from './version-differences';
export { behaves, differencesOf } from './version-differences';
export type { KubeVirtRelease, KubeVirtVersion } from './version';
export {
  compareReleases,
  isAtLeast,
  isKubeVirtRelease,
  KUBEVIRT_RELEASES,
  NEWEST_RELEASE,
  parseKubeVirtVersion,
} from './version';
