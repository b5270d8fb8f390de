export { commentText } from './comment';
export { NVIDIA_PLUGIN_NAME } from './device-plugins/nvidia-plugin';
export { OWN_NAMESPACE } from './device-plugins/plugin-objects';
export {
  devicePluginKey,
  devicePluginKeys,
  KUBEVIRT_KEY,
  PLUGIN_NAMESPACE_KEY,
  unitKeys,
  claimKey,
  virtualMachineKey,
  type UnitKeys,
} from './keys';
export { configurationComponent } from './kubevirt/component';
export { makeManifests } from './make-manifests';
export type { Manifest, ManifestSet, PlainFile } from './manifest';
export { withOwnObjects } from './own-objects';
export { MACHINE_CONFIG_API } from './node-preparation';
