export { commentText } from './comment';
export { devicePluginKey, KUBEVIRT_KEY, unitKeys, claimKey, virtualMachineKey, type UnitKeys } from './keys';
export { configurationComponent } from './kubevirt/component';
export { makeManifests } from './make-manifests';
export type { Manifest, ManifestSet, PlainFile } from './manifest';
export { withOwnObjects } from './own-objects';
export { MACHINE_CONFIG_API } from './node-preparation';
