export { fleetFromValue } from './fleet-from-value';
export { loadFleet } from './load-fleet';
export type { ManifestOptions } from './manifests/load-manifests';
export { loadManifests } from './manifests/load-manifests';
export type { LoadedFleet } from './complete-fleet';
export { LOAD_PROBLEMS } from './problems';
export { permittedDevicesOf } from './manifests/permitted-devices';
