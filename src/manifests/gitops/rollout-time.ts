import type { Analysis, PreparationUnit } from '../../analysis';

/** A drain, the firmware's self test and a boot (node-prep.md fact 144: a drain alone may take an hour). */
const SECONDS_PER_NODE = 1800;
/** The operator lets a drain run this long before it complains. */
const LEAST_SECONDS = 3600;

/** How long the slowest pool may take to prepare all of its nodes, in seconds. */
export function rolloutSeconds({ units }: Analysis): number {
  return Math.max(0, ...units.map(unitSeconds)) + LEAST_SECONDS;
}

function unitSeconds({ pools, nodes }: PreparationUnit): number {
  const stated = pools.map(({ maxUnavailable }) => maxUnavailable).find((one) => one !== undefined);
  const atOnce =
    typeof stated === 'string' ? Math.floor((Number.parseInt(stated, 10) / 100) * nodes.length) : (stated ?? 1);
  return Math.ceil(nodes.length / Math.max(atOnce, 1)) * SECONDS_PER_NODE;
}
