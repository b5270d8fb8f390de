import { compareNatural, compareText, isJsonObject, jsonAt, type CurrentObject, type JsonObject } from '../model';
import { selectsLabels } from './label-selector';
import { toMachineConfig, type MachineConfig, type MachineConfigFile } from './machine-config';

/** Nodes that get the same MachineConfigs. */
export interface MachineConfigPool {
  readonly name: string;
  /** The object; undefined where only MachineConfigs of that role show that there is such a pool. */
  readonly object: CurrentObject | undefined;
  /** In the order in which they are merged: those of role worker first, each group by name; the last one wins. */
  readonly configs: readonly MachineConfig[];
  /** The Nodes that are in it. */
  readonly nodes: readonly CurrentObject[];
}

/** A pool that comes with every cluster. */
export function isStandardPool(name: string): boolean {
  return name === 'worker' || name === 'master' || name === 'arbiter';
}

/**
 * The pools among some objects, in natural order, with what the machine-config-operator merges for each. Configs that it rendered
 * itself are left out; without a MachineConfigPool the convention of roles stands in for its selectors.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/release-4.20/pkg/controller/common/helpers.go (MergeMachineConfigs)
 * @see https://github.com/openshift/machine-config-operator/blob/release-4.20/pkg/helpers/helpers.go (GetPoolsForNode)
 */
export function machineConfigPools(objects: readonly CurrentObject[]): MachineConfigPool[] {
  const configs = objects
    .filter(({ kind, name }) => kind === 'MachineConfig' && !name.startsWith('rendered-'))
    .map(toMachineConfig);
  const poolObjects = new Map(
    objects.filter(({ kind }) => kind === 'MachineConfigPool').map((object) => [object.name, object]),
  );
  const roles = configs.flatMap(({ role }) => (role === undefined || role === '' ? [] : [role]));
  const names = [...new Set([...poolObjects.keys(), ...roles])].sort(compareNatural);
  const nodes = objects.filter(({ kind }) => kind === 'Node');
  const customPools = names
    .filter((name) => !isStandardPool(name))
    .map((name) => ({ name, object: poolObjects.get(name) }));
  const poolByNode = new Map(nodes.map((node) => [node, poolOf(labelsOf(node), customPools)]));
  return names.map((name) => {
    const object = poolObjects.get(name);
    return {
      name,
      object,
      configs: mergedConfigs(configs, name, object),
      nodes: nodes.filter((node) => poolByNode.get(node) === name),
    };
  });
}

/** The files of a pool: of two with one path the later stands, whole. */
export function effectiveFiles({ configs }: Pick<MachineConfigPool, 'configs'>): MachineConfigFile[] {
  const byPath = new Map<string, MachineConfigFile>();
  for (const file of configs.flatMap(({ files }) => files)) byPath.set(file.path, file);
  return [...byPath.values()];
}

/**
 * The configs that a pool gets, in the order in which they are merged: those of `worker` by name, then the others by name. A custom
 * pool gets the ones of `worker` too; names are compared as texts, so `100-x` comes before `99-x`.
 *
 * @param object - the MachineConfigPool; without one the convention of roles stands in for its selector
 * @see https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go (MergeMachineConfigs)
 */
export function mergedConfigs(
  configs: readonly MachineConfig[],
  pool: string,
  object?: CurrentObject,
): readonly MachineConfig[] {
  return inMergeOrder(configs.filter((config) => isInPool(config, pool, object)));
}

function isInPool({ role, labels }: MachineConfig, pool: string, object: CurrentObject | undefined): boolean {
  const selector = jsonAt(object?.content, 'spec', 'machineConfigSelector');
  if (selector !== undefined) return selectsLabels(selector, labels);
  return role === pool || (role === 'worker' && !isStandardPool(pool));
}

function inMergeOrder(configs: readonly MachineConfig[]): MachineConfig[] {
  const rank = ({ role }: MachineConfig): number => (role === 'worker' ? 0 : 1);
  return [...configs].sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name));
}

function labelsOf({ content }: CurrentObject): JsonObject {
  const labels = jsonAt(content, 'metadata', 'labels');
  return isJsonObject(labels) ? labels : {};
}

/** The control plane stays in its own pool, whatever else selects it. */
function poolOf(
  labels: JsonObject,
  customPools: readonly { readonly name: string; readonly object: CurrentObject | undefined }[],
): string | undefined {
  const hasRole = (role: string): boolean => Object.hasOwn(labels, `node-role.kubernetes.io/${role}`);
  if (hasRole('master') || hasRole('control-plane')) return 'master';
  const custom = customPools.find(({ name, object }) => {
    const selector = jsonAt(object?.content, 'spec', 'nodeSelector');
    return selector === undefined ? hasRole(name) : selectsLabels(selector, labels);
  });
  return custom?.name ?? (hasRole('worker') ? 'worker' : undefined);
}
