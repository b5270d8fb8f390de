import type { Analysis, PreparationUnit } from '../../analysis';
import type { Cluster, NodePlatform } from '../../model';
import type { Manifest } from '../manifest';
import { prepareOpenshift } from './openshift';

export { MACHINE_CONFIG_API } from './openshift';

/** Writes a unit's effects in a platform's own form. */
type BackEnd = (unit: PreparationUnit, cluster: Cluster) => Manifest[];

const BACK_ENDS: Readonly<Record<NodePlatform, BackEnd>> = { openshift: prepareOpenshift };

/** The objects that prepare the nodes of every unit. */
export function prepareNodes({ fleet, units }: Analysis): Manifest[] {
  const backEnd = BACK_ENDS[fleet.cluster.nodePlatform];
  return units.flatMap((unit) => backEnd(unit, fleet.cluster));
}
