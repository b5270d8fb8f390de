export { analyse } from './analyse';
export type * from './analysis';
export { isOnlyDevice, namesAddress } from './address-pins';
export { selectorIds } from './bindings';
export { claimApiVersion } from './claims';
export { customPoolsOf, liveKubeVirt, liveNodeLabels } from './current/current-cluster';
export type { LiveConfiguration } from './current/live-configuration';
export { liveConfiguration, liveMediatedSettings, liveNodeTypes, livePermitted } from './current/live-configuration';
export { mayMigrate } from './eviction';
export { gateInForce, isTurnedOnInHyperConverged } from './gates-in-force';
export type { LiveMachineConfigPool } from './current/live-machine-configs';
export type { LiveTaint } from './current/live-nodes';
export { hasLabels } from './current/live-objects';
export type { LiveGpuOperator, LiveSriovPolicy } from './current/live-operators';
export { GPU_WORKLOAD_LABEL, GPU_WORKLOADS, gpuWorkloadOf } from './current/live-operators';
export { tolerates, tolerationOf } from './tolerations';
export { requiredNodeTerms } from './node-terms';
export type { AdoptedConfigs } from './adopted-configs';
export { keepsIds, keepsTable } from './adopted-configs';
export { fieldsAt, OWN_PATHS, sharingSpec, type Fields } from './machine-variants';
export { machineConfigNames, unitConfigNames } from './machine-config-names';
export {
  BIND_PROGRAM_PATH,
  FUNCTIONS_TABLE_PATH,
  FUNCTIONS_UNIT_NAME,
  functionsProgramPath,
  bindProgramPath,
  BIND_UNIT_NAME,
  foreignIdSources,
  moduleOptionsPath,
  preparedPaths,
  VERIFY_UNIT_NAME,
  VGPUS_TABLE_PATH,
  VGPUS_UNIT_NAME,
  vgpusProgramPath,
} from './prepared-files';
export type * from './effects';
export { selectorKey } from './permitted-host-devices';
export { poolsOf, TOPOLOGY_POLICIES } from './kubelet-asks';
export { unitInWords, unitKey, unitName } from './preparation-units';
export { EFFECTS_IN_WORDS, GUARANTEES_IN_WORDS, isBoundBlindly, lostGuarantees, refusedEffects } from './guarantees';
export { TALOS_SINCE, talosIsAtLeast } from './talos';
