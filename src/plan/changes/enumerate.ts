/*
 * The things in a baseline, kind by kind, as changes speak of them.
 */
import type { Baseline, ObjectState } from '../baseline/baseline';
import type { Subjects } from './change';
import { settingsOf } from './comparisons';

/** What holds for the whole cluster; of live objects without the name that a fleet gives itself. */
export function settings({ cluster, fleet, origin }: Baseline): Subjects['setting'][] {
  const {
    nodePlatform,
    nodePlatformVersion,
    kubernetesVersion,
    kubevirtVersion,
    mediatedHandling,
    gitopsTool,
    gitopsReboots,
  } = cluster;
  return settingsOf({
    ...(origin === 'live' ? {} : { fleet }),
    nodePlatform,
    nodePlatformVersion,
    kubernetesVersion,
    kubevirtVersion,
    mediatedHandling,
    gitopsTool,
    gitopsReboots,
  });
}

/** Feature gates. */
export function gates({ cluster }: Baseline): Subjects['gate'][] {
  return cluster.featureGates.map((name) => ({ name }));
}

/** MachineConfigs with their units. */
export function configs({ units }: Baseline): Subjects['config'][] {
  return units.flatMap(({ name: unit, configs: own }) => own.map((state) => ({ unit, state })));
}

/** Nodes with their pools. */
export function nodes({ pools }: Baseline): Subjects['node'][] {
  return pools.flatMap(({ name: pool, unit, nodes: own }) => own.map((state) => ({ pool, unit, state })));
}

/** Functions with their nodes. */
export function functions({ pools }: Baseline): Subjects['function'][] {
  return pools.flatMap(({ nodes: own }) =>
    own.flatMap(({ name: node, functions: all }) => [...all].map(([address, state]) => ({ node, address, state }))),
  );
}

/** Types of mediated devices with their pools. */
export function mediated({ pools }: Baseline): Subjects['mediated'][] {
  return pools.flatMap(({ name: pool, mediated: own }) => own.map((state) => ({ pool, state })));
}

/** Files that are none of the others. */
export function objects({ cluster, units }: Baseline): Subjects['object'][] {
  const inUnit = (unit: string | undefined, states: readonly ObjectState[]): Subjects['object'][] =>
    states.map((state) => ({ unit, state }));
  return [...inUnit(undefined, cluster.objects), ...units.flatMap(({ name, objects: own }) => inUnit(name, own))];
}
