export { decodeDataUrl } from './data-url';
export { selectsLabels } from './label-selector';
export type { MachineConfig, MachineConfigFile } from './machine-config';
export { listAt, ROLE_LABEL, toMachineConfig } from './machine-config';
export type { MachineConfigPool } from './machine-config-pools';
export { effectiveFiles, isStandardPool, machineConfigPools, mergedConfigs } from './machine-config-pools';
export type { VfioIdSource } from './pool-vfio-ids';
export { replacedIdSources, vfioIdSources } from './pool-vfio-ids';
export { idsOfModprobeFile, parseVfioIds } from './vfio-ids';
