/*
 * The live cluster as typed facts. The objects of `cluster.current` are indexed once per fleet; every question about a node,
 * a pool or an owner is a lookup in the result.
 */
import type { CurrentObject, Fleet, JsonObject } from '../../model';
import { mergedConfigs, selectsLabels, type MachineConfig } from '../../openshift';
import { LiveObjects } from './live-objects';
import { liveMachineConfigPools, liveMachineConfigs, type LiveMachineConfigPool } from './live-machine-configs';
import { liveNodes, type LiveNode } from './live-nodes';
import {
  liveDaemonSets,
  liveDisruptionPolicies,
  liveGpuOperator,
  liveKubeletConfigs,
  livePerformanceProfiles,
  liveSriovPolicies,
  type LiveDaemonSet,
  type LiveDisruptionPolicy,
  type LiveGpuOperator,
  type LiveKubeletConfig,
  type LivePerformanceProfile,
  type LiveSriovPolicy,
} from './live-operators';

/** What is known of the live cluster: empty where the folder of live objects has no such object. */
export interface CurrentCluster {
  /** The object that the fleet writes into, KubeVirt's own or HyperConverged; undefined: not known. */
  readonly owner: CurrentObject | undefined;
  /** KubeVirt's own object, which HyperConverged writes where it is the owner; undefined: not known. */
  readonly kubevirt: CurrentObject | undefined;
  readonly nodes: ReadonlyMap<string, LiveNode>;
  /** By name, without what the render controller makes. */
  readonly machineConfigs: readonly MachineConfig[];
  readonly machineConfigPools: ReadonlyMap<string, LiveMachineConfigPool>;
  readonly kubeletConfigs: readonly LiveKubeletConfig[];
  readonly performanceProfiles: readonly LivePerformanceProfile[];
  readonly disruptionPolicies: readonly LiveDisruptionPolicy[];
  readonly gpuOperator: LiveGpuOperator | undefined;
  readonly sriovPolicies: readonly LiveSriovPolicy[];
  readonly daemonSets: readonly LiveDaemonSet[];
}

const CURRENT = new WeakMap<Fleet, CurrentCluster>();

/** The live cluster of a fleet; undefined when the fleet names no folder of live objects. */
export function currentCluster(fleet: Fleet): CurrentCluster | undefined {
  if (fleet.cluster.current === undefined) return undefined;
  let current = CURRENT.get(fleet);
  if (current === undefined) CURRENT.set(fleet, (current = toCurrentCluster(fleet, fleet.cluster.current)));
  return current;
}

function toCurrentCluster(fleet: Fleet, all: readonly CurrentObject[]): CurrentCluster {
  const objects = new LiveObjects(all);
  const { name, namespace, managedBy } = fleet.cluster.kubevirt;
  const named = (group: string, kind: string, wanted: string): CurrentObject | undefined =>
    objects.of(group, kind).find((object) => object.name === wanted && object.namespace === namespace);
  const isManaged = managedBy === 'hyperconverged';
  // HyperConverged puts its own word in front of its name
  const kubevirt = named('kubevirt.io', 'KubeVirt', isManaged ? `kubevirt-${name}` : name);
  return {
    owner: isManaged ? named('hco.kubevirt.io', 'HyperConverged', name) : kubevirt,
    kubevirt,
    nodes: liveNodes(objects),
    machineConfigs: liveMachineConfigs(objects),
    machineConfigPools: liveMachineConfigPools(objects),
    kubeletConfigs: liveKubeletConfigs(objects),
    performanceProfiles: livePerformanceProfiles(objects),
    disruptionPolicies: liveDisruptionPolicies(objects),
    gpuOperator: liveGpuOperator(objects),
    sriovPolicies: liveSriovPolicies(objects),
    daemonSets: liveDaemonSets(objects),
  };
}

/** The live KubeVirt object, which the fleet patches or HyperConverged writes; undefined when it is not known. */
export function liveKubeVirt(fleet: Fleet): CurrentObject | undefined {
  return currentCluster(fleet)?.kubevirt;
}

/** The labels of a live Node, or undefined when the node is not known. */
export function liveNodeLabels(fleet: Fleet, node: string): JsonObject | undefined {
  return currentCluster(fleet)?.nodes.get(node)?.labels;
}

/**
 * The MachineConfigs that a machine config pool gets besides those named: what others wrote for it and, for a custom pool, for
 * `worker`, in the order in which they are merged.
 */
export function foreignMachineConfigs(
  current: CurrentCluster | undefined,
  machineConfigPool: string,
  ownNames: ReadonlySet<string>,
): MachineConfig[] {
  return mergedConfigs(current?.machineConfigs ?? [], machineConfigPool).filter(({ name }) => !ownNames.has(name));
}

/** The live custom machine config pools whose node selector a live node meets. */
export function customPoolsOf(current: CurrentCluster, { labels }: LiveNode): LiveMachineConfigPool[] {
  return [...current.machineConfigPools.values()].filter(
    ({ name, nodeSelector }) => name !== 'worker' && name !== 'master' && selectsLabels(nodeSelector, labels),
  );
}

/**
 * How many nodes a live MachineConfigPool has; undefined when that is not known. Its own status counts; live Nodes show
 * members by name, of which some may be none that the fleet declares, but a dump of Nodes need not hold all of them.
 *
 * @param declared - names of the nodes that the fleet says are in the pool
 * @see https://github.com/openshift/api/blob/release-4.20/machineconfiguration/v1/types.go (MachineConfigPoolStatus)
 */
export function liveMachineCount(
  fleet: Fleet,
  machineConfigPool: string,
  declared: ReadonlySet<string>,
): number | undefined {
  const current = currentCluster(fleet);
  if (current === undefined) return undefined;
  const strangers = [...current.nodes.values()].filter(
    (node) => !declared.has(node.name) && isMember(current, node, machineConfigPool),
  ).length;
  const known = declared.size + strangers;
  const counted = current.machineConfigPools.get(machineConfigPool)?.machineCount;
  if (counted !== undefined) return Math.max(counted, known);
  return strangers > 0 ? known : undefined;
}

/** A node with the role of a custom pool, or of the control plane, is not one of `worker`. */
function isMember(current: CurrentCluster, node: LiveNode, machineConfigPool: string): boolean {
  const hasRole = (role: string): boolean => Object.hasOwn(node.labels, `node-role.kubernetes.io/${role}`);
  if (!hasRole(machineConfigPool)) return false;
  if (machineConfigPool !== 'worker') return true;
  return !hasRole('master') && !hasRole('control-plane') && customPoolsOf(current, node).length === 0;
}

/**
 * Whether custom MachineConfigPools get what `worker` gets: they do wherever there are any, and only live pools without one
 * show that there are none.
 */
export function workerIsInherited(fleet: Fleet): boolean {
  if (fleet.nodePools.some(({ machineConfigPool }) => isCustomPool(machineConfigPool))) return true;
  const pools = currentCluster(fleet)?.machineConfigPools;
  return pools === undefined || pools.size === 0 || [...pools.keys()].some(isCustomPool);
}

/** `worker` and `master` come with the cluster, every other MachineConfigPool is emitted. */
export function isCustomPool(name: string): boolean {
  return name !== 'worker' && name !== 'master';
}
