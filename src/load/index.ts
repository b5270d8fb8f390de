export type { FleetValueOptions } from './fleet-from-value';
export { fleetFromValue } from './fleet-from-value';
export { loadFleet } from './load-fleet';
export type { LoadedFleet } from './complete-fleet';
export { LOAD_PROBLEMS } from './problems';
