export type * from './api-types.generated';
export { apiVersionOf, isDeprecatedApiVersion } from './api-versions';
export {
  DEFAULT_KUBEVIRT_NAME,
  DEFAULT_KUBEVIRT_NAMESPACE,
  KUBEVIRT_RESOURCE_DOMAIN,
  KUBEVIRT_RESOURCES,
} from './defaults';
export type { FeatureGateLists, GateStage } from './feature-gates';
export { gateEnabled, gateStage, isKnownGate, knownGates, nearestGate } from './feature-gates';
export type { DeviceVariable } from './names';
export {
  environmentVariableOf,
  normalisedMdevName,
  nvidiaDeviceName,
  nvidiaPluginName,
  nvidiaPluginResourceName,
  nvidiaVgpuResourceName,
} from './names';
export { nearestName } from './nearest-name';
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
export type { ValidationTarget } from './schema/validate';
export { hasSchema, validateFragment, validateObject } from './schema/validate';
export type { KubeVirtRelease, KubeVirtVersion } from './version';
export {
  compareReleases,
  isAtLeast,
  isKubeVirtRelease,
  KUBEVIRT_RELEASES,
  NEWEST_RELEASE,
  parseKubeVirtVersion,
} from './version';
