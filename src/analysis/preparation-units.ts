/*
 * What changes as one when nodes are prepared. On OpenShift that is a MachineConfigPool with all fleet pools that name it; on every other
 * platform each fleet pool is one, because nothing there groups nodes.
 */
import type { NodePool } from '../model';
import type { PreparationUnit } from './analysis';

/** The name of the unit that a pool belongs to: its MachineConfigPool's, or its own. */
export function unitName(pool: NodePool): string {
  return pool.nodePlatform === 'openshift' ? pool.machineConfigPool : pool.name;
}

/** Tells a unit from one of the same name on another platform. */
export function unitKey(pool: NodePool): string {
  return `${pool.nodePlatform} ${unitName(pool)}`;
}

/** A unit in words: `machine config pool gpu` on OpenShift, else `pool gpu`. */
export function unitInWords({ name, platform }: Pick<PreparationUnit, 'name' | 'platform'>): string {
  return platform === 'openshift' ? `machine config pool ${name}` : `pool ${name}`;
}
