import type { PlanHazard } from './hazard';
import { rebootsNodes } from './reboots-nodes';
import { removesMediatedDevices } from './removes-mediated-devices';

/** Every hazard, in the order of the slugs. The list is closed: what `--allow` takes is a name of it. */
export const HAZARDS: readonly PlanHazard[] = [rebootsNodes, removesMediatedDevices];
