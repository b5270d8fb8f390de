/** How many nodes of a unit are out at a time, and why. */
export interface Pace {
  /** Undefined: not known, because a percentage is of a number of nodes that nobody knows. */
  readonly atATime: number | undefined;
  /** In words: `maxUnavailable 10% of 25 nodes, rounded down`. */
  readonly because: string;
}

/**
 * How many nodes of a MachineConfigPool are updated at a time: a count as it stands, a percentage rounded down, and one where that is
 * none. The pool of arbiters takes one, whatever is set.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/node/node_controller.go (maxUnavailable)
 */
export function paceOf(pool: string, maxUnavailable: number | string | undefined, nodeCount: number | undefined): Pace {
  if (pool === 'arbiter') return { atATime: 1, because: 'arbiters are updated one at a time' };
  if (maxUnavailable === undefined) return { atATime: 1, because: 'maxUnavailable is 1 by default' };
  const percentage = /^(\d{1,9})%$/.exec(String(maxUnavailable))?.[1];
  if (percentage === undefined) {
    const count = Number(maxUnavailable);
    if (!Number.isSafeInteger(count))
      return { atATime: undefined, because: 'maxUnavailable is neither a count nor a percentage' };
    return count > 0
      ? { atATime: count, because: `maxUnavailable is ${count}` }
      : { atATime: 1, because: 'maxUnavailable 0 counts as 1' };
  }
  if (nodeCount === undefined)
    return { atATime: undefined, because: `maxUnavailable is ${percentage}% of an unknown number of nodes` };
  const share = Math.floor((Number(percentage) * nodeCount) / 100);
  const of = `maxUnavailable is ${percentage}% of ${nodeCount}, rounded down`;
  return share > 0 ? { atATime: share, because: of } : { atATime: 1, because: `${of} to 0, which counts as 1` };
}
