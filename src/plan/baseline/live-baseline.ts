import { hasLabels, liveConfiguration, liveNodeTypes, type Analysis } from '../../analysis';
import { compareNatural, isJsonObject, jsonAt, type CurrentObject, type JsonObject, type JsonValue } from '../../model';
import { isStandardPool, listAt, machineConfigPools, selectsLabels, type MachineConfigPool } from '../../openshift';
import type { Baseline, ConfigState, MediatedState, ObjectState, UnitState } from './baseline';
import { disruptionPolicyStates, liveUpdates, mediatedHandling, permittedStates } from './cluster-state';
import { toConfigState } from './config-state';
import { MachineStates } from './machine-state';
import { nodeState } from './node-state';
import { toObjectState } from './object-state';
import { isPausedPool } from './to-baseline';

/**
 * A baseline of objects that no fleet wrote: of a live cluster, or written by hand. What they do not show is not known; what others own is in it
 * too, since a MachineConfig of theirs is merged with the fleet's.
 *
 * @param analysis - of a fleet that was read from such objects (`origin` is `manifests`)
 */
export function liveBaseline(analysis: Analysis): Baseline {
  const { fleet } = analysis;
  const objects = fleet.cluster.current ?? [];
  const pools = machineConfigPools(objects);
  const machines = new MachineStates(analysis);
  return {
    origin: 'live',
    fleet: fleet.name,
    cluster: {
      nodePlatform: fleet.cluster.nodePlatform,
      nodePlatformVersion: undefined,
      kubernetesVersion: undefined,
      kubevirtVersion: fleet.cluster.kubevirt.version,
      featureGates: fleet.cluster.kubevirt.featureGates.map(({ name }) => name),
      permitted: permittedStates(analysis).map((entry) => ({ ...entry, ours: true })),
      mediatedHandling: mediatedHandling(analysis),
      gitopsTool: undefined,
      gitopsReboots: undefined,
      liveUpdates: liveUpdates(analysis),
      disruptionPolicies: disruptionPolicyStates(analysis),
      objects: objects.filter(({ kind }) => !OF_UNITS.has(kind)).map(liveObject),
    },
    units: pools.map((pool) => liveUnit(pool, objects)),
    pools: fleet.nodePools.map((pool) => ({
      name: pool.name,
      unit: pool.machineConfigPool,
      mediated: mediatedOn(
        analysis,
        pools.find(({ name }) => name === pool.machineConfigPool),
      ),
      nodes: pool.nodes.flatMap(({ name }) => {
        const node = analysis.nodeByName.get(name);
        return node === undefined ? [] : [nodeState(analysis, node, pool)];
      }),
    })),
    machines: analysis.machines.map((machine) => machines.of(machine)),
  };
}

/** Kinds that prepare nodes, and Nodes themselves. */
const OF_UNITS: ReadonlySet<string> = new Set(['KubeletConfig', 'MachineConfig', 'MachineConfigPool', 'Node']);

function liveObject({ content }: CurrentObject): ObjectState {
  return toObjectState({ path: '', hash: undefined, content });
}

function liveUnit({ name, object, configs, nodes }: MachineConfigPool, objects: readonly CurrentObject[]): UnitState {
  const isCustom = !isStandardPool(name);
  const labels = labelsOf(object?.content);
  const kubelets = objects.filter(
    ({ kind, content }) =>
      kind === 'KubeletConfig' && selectsLabels(jsonAt(content, 'spec', 'machineConfigPoolSelector'), labels),
  );
  const count = jsonAt(object?.content, 'status', 'machineCount');
  return {
    name,
    isCustom,
    platform: 'openshift',
    maxUnavailable: maxUnavailableOf(object),
    liveNodeCount: typeof count === 'number' ? count : nodes.length > 0 ? nodes.length : undefined,
    isPaused: isPausedPool(object?.content),
    // the custom pools of a live cluster are units of their own
    inheritedBy: [],
    configs: configs
      .filter(({ role }) => !isCustom || role !== 'worker')
      .map((config): ConfigState => toConfigState(liveObject(config.object), config.object.content)),
    kernelArguments: [],
    objects: [...(object === undefined ? [] : [object]), ...kubelets].map(liveObject),
  };
}

function maxUnavailableOf(object: CurrentObject | undefined): number | string | undefined {
  const value = jsonAt(object?.content, 'spec', 'maxUnavailable');
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

/**
 * The types that virt-handler makes on every Node of a pool: those of all entries that select the Node, or else the list for the whole
 * cluster.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/virt-config.go (GetDesiredMDEVTypes)
 */
function mediatedOn({ fleet }: Analysis, pool: MachineConfigPool | undefined): MediatedState[] {
  const [first, ...others] = (pool?.nodes ?? []).map(({ content }) => typesFor(fleet, labelsOf(content)));
  return [...(first ?? [])]
    .filter((type) => others.every((types) => types.has(type)))
    .sort(compareNatural)
    .map((type) => ({ type, resource: undefined, createdBy: 'kubevirt', count: undefined }));
}

function typesFor(fleet: Analysis['fleet'], labels: JsonObject): ReadonlySet<string> {
  const live = liveConfiguration(fleet);
  const chosen = liveNodeTypes(live).flatMap(({ entry }) => {
    const selector = entry['nodeSelector'];
    return hasLabels(labels, isJsonObject(selector) ? selector : {}) ? typesOf(entry) : [];
  });
  if (chosen.length > 0) return new Set(chosen);
  return new Set(typesOf(live === undefined ? undefined : jsonAt(live.object.content, ...live.layout.mediated)));
}

function typesOf(owner: JsonValue | undefined): string[] {
  const types = listAt(owner, 'mediatedDeviceTypes');
  return (types.length > 0 ? types : listAt(owner, 'mediatedDevicesTypes')).filter(
    (type): type is string => typeof type === 'string',
  );
}

function labelsOf(content: JsonObject | undefined): JsonObject {
  const labels = jsonAt(content, 'metadata', 'labels');
  return isJsonObject(labels) ? labels : {};
}
