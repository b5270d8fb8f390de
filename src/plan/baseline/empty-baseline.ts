import type { Baseline } from './baseline';

/** What stands for a side with nothing in it. */
export const EMPTY_SIDE = 'none';

/** A side with nothing in it, for a cluster such as this one's: what the cluster is, is no change. */
export function emptyBaseline({ fleet, cluster }: Baseline): Baseline {
  return {
    origin: 'synth',
    fleet,
    cluster: { ...cluster, featureGates: [], permitted: cluster.permitted.filter(({ ours }) => !ours), objects: [] },
    units: [],
    pools: [],
    machines: [],
  };
}
