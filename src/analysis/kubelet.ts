/*
 * What kubelet does on a node, as far as the fleet, live KubeletConfigs and live PerformanceProfiles tell. Where several of them speak of
 * one pool and differ, which one holds is not known (the machine-config-operator lets the last that it rendered win).
 */
import type { JsonObject, NodePool } from '../model';
import { placeAt, type Place } from '../source';
import { isCustomPool, type CurrentCluster } from './current/current-cluster';
import { hasLabels } from './current/live-objects';
import type { KubeletSetting as AskedSetting } from './effects';
import { selectsLabels } from '../openshift';

/** One setting with where it comes from. */
export interface KubeletSetting {
  readonly value: string;
  readonly place: Place;
}

/** Kubelet's policies; undefined: not known. */
export interface KubeletPolicies {
  /** `static` or `none`. */
  readonly cpuManager: KubeletSetting | undefined;
  /** `none`, `best-effort`, `restricted`, `single-numa-node`. */
  readonly topologyManager: KubeletSetting | undefined;
}

interface Source {
  readonly settings: JsonObject;
  readonly place: Place;
}

/**
 * The policies of kubelet on the nodes of a pool.
 *
 * @param asks - what VMs ask of it
 */
export function kubeletPolicies(
  pool: NodePool,
  current: CurrentCluster | undefined,
  asks: readonly AskedSetting[] = [],
): KubeletPolicies {
  const sources = sourcesOf(pool, current, asks);
  return {
    cpuManager: settled(sources, 'cpuManagerPolicy'),
    topologyManager: settled(sources, 'topologyManagerPolicy'),
  };
}

/** Both policies are `none` where a configuration leaves them out. */
function settled(sources: readonly Source[], field: string): KubeletSetting | undefined {
  const said = sources.map(({ settings, place }) => {
    const value = settings[field];
    return { value: typeof value === 'string' && value !== '' ? value : 'none', place };
  });
  const [first] = said;
  return first !== undefined && said.every(({ value }) => value === first.value) ? first : undefined;
}

function sourcesOf(pool: NodePool, current: CurrentCluster | undefined, asks: readonly AskedSetting[]): Source[] {
  const [asked] = asks;
  // what the pool states stands before what VMs ask for
  const settings = { ...Object.fromEntries(asks.map(({ field, value }) => [field, value])), ...pool.kubelet };
  const place = pool.kubelet === undefined ? asked?.place : placeAt(pool.place, 'kubelet');
  const own = place === undefined ? [] : [{ settings, place }];
  if (current === undefined || pool.nodePlatform !== 'openshift') return own;
  const name = pool.machineConfigPool;
  const labels = current.machineConfigPools.get(name)?.labels ?? {
    [`pools.operator.machineconfiguration.openshift.io/${name}`]: '',
    'machineconfiguration.openshift.io/role': name,
  };
  const profiles = current.performanceProfiles.filter(
    (profile) =>
      profile.name === pool.performanceProfile ||
      Object.hasOwn(profile.nodeSelector, `node-role.kubernetes.io/${name}`) ||
      (profile.poolSelector !== undefined && isCustomPool(name) && hasLabels(labels, profile.poolSelector)),
  );
  const configs = current.kubeletConfigs.filter(({ selector }) => selectsLabels(selector, labels));
  // what the fleet writes for the pool stands for what an earlier writing left in the cluster
  const live = own.length > 0 ? [] : configs;
  return [...own, ...live, ...profiles.map(({ kubelet, place }) => ({ settings: kubelet, place }))];
}
