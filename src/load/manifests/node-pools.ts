import {
  compareNatural,
  type CurrentObject,
  type Device,
  type NodeInventory,
  type NodePool,
  type Passthrough,
  type PciId,
} from '../../model';
import { listAt, machineConfigPools, vfioIdSources, type MachineConfigPool } from '../../openshift';
import { placeAt, type Place } from '../../source';
import { boundByAddress } from './bound-by-address';
import { choiceOf, mapOf, textOf } from '../entities/values';

/**
 * The machine config pools among some objects as node pools: their Nodes, their kernel arguments as merged, and the permitted
 * devices whose ids they give to vfio-pci or whose addresses the table of hostdev's own program lists. What else may bind devices (another program
 * on the node, an operator) does not show in them.
 */
export function toNodePools(
  objects: readonly CurrentObject[],
  devices: readonly Device[],
  inventories: readonly NodeInventory[],
): NodePool[] {
  return machineConfigPools(objects).map((pool) => toNodePool(pool, devices, inventories));
}

function toNodePool(
  pool: MachineConfigPool,
  devices: readonly Device[],
  inventories: readonly NodeInventory[],
): NodePool {
  const place = pool.object?.place ?? pool.configs[0]?.object.place ?? { kind: 'file', file: pool.name };
  return {
    name: pool.name,
    nodes: pool.nodes
      .map(({ name, place: at }) => ({ name, place: placeAt(at, 'metadata', 'name') }))
      .sort((a, b) => compareNatural(a.name, b.name)),
    nodeSelector: undefined,
    cpuVendor: undefined,
    nodePlatform: 'openshift',
    nodePlatformVersion: undefined,
    machineConfigPool: pool.name,
    machineConfigPoolDeclared: true,
    maxUnavailable: undefined,
    machineConfigNames: { kernelArguments: undefined, vfio: undefined },
    iommu: { pt: false, intelArgument: 'omit', amdArgument: 'omit' },
    kernelArguments: pool.configs.flatMap(({ kernelArguments }) => kernelArguments),
    hugepages: [],
    kubelet: undefined,
    talosSchematic: undefined,
    performanceProfile: undefined,
    hostUse: [],
    taints: commonTaints(pool.nodes),
    passthrough: [...boundById(pool, devices), ...boundByAddress(pool, devices, inventories)],
    mediatedDevices: [],
    sriov: [],
    usb: [],
    place,
  };
}

/** Taints that every Node of the pool has. */
function commonTaints(nodes: readonly CurrentObject[]): NodePool['taints'] {
  const [first, ...others] = nodes.map(({ content }) =>
    listAt(content, 'spec', 'taints').flatMap((item) => {
      const { key, value, effect } = mapOf(item);
      const known = choiceOf(effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
      return typeof key === 'string' && known !== undefined ? [{ key, value: textOf(value), effect: known }] : [];
    }),
  );
  return (first ?? []).filter((taint) =>
    others.every((taints) => taints.some((other) => JSON.stringify(other) === JSON.stringify(taint))),
  );
}

/** The list of ids that counts, as what it hands over: each permitted device that it has an id of, the rest bound along with it. */
function boundById(pool: MachineConfigPool, devices: readonly Device[]): Passthrough[] {
  const list = vfioIdSources(pool).at(-1);
  if (list === undefined) return [];
  const selected = devices.flatMap((device) =>
    device.kind === 'pci' && device.selectors.some(({ id }) => id !== undefined && list.ids.includes(id))
      ? [{ device: device.name, ids: device.selectors.flatMap(({ id }) => id ?? []) }]
      : [],
  );
  const permitted = new Set(selected.flatMap(({ ids }) => ids));
  const companions = list.ids.filter((id) => !permitted.has(id));
  return selected.map(({ device }) => handedOver(device, companions, list.place));
}

function handedOver(device: string, companions: readonly PciId[], place: Place): Passthrough {
  return {
    device,
    addresses: { kind: 'all-matching' },
    binding: 'id',
    companions: companions.map((text) => ({ text, place })),
    acknowledge: [],
    place,
  };
}
