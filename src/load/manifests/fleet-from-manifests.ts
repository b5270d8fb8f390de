import {
  isInstancetypeKind,
  compareNatural,
  jsonAt,
  type CurrentObject,
  type Device,
  type Fleet,
  type NodeInventory,
} from '../../model';
import { listAt } from '../../openshift';
import type { Place } from '../../source';
import { toNvidiaPluginSettings } from '../entities/device-plugin';
import { toClusterOfManifests } from './cluster';
import { toNodePools } from './node-pools';
import { permittedLists, toPermittedDevices, type ProviderOf } from './permitted-devices';
import type { FoundObject } from './read-objects';
import { toVirtualMachines } from './virtual-machines';

/** What is known besides the objects themselves. */
export interface ManifestFacts {
  readonly inventories: readonly NodeInventory[];
  /** KubeVirt's release, `1.6`; undefined: as the KubeVirt object shows it. */
  readonly kubevirtVersion: string | undefined;
  /** The folder that the objects come from. */
  readonly place: Place;
}

/**
 * Objects that no fleet wrote, read as a fleet as far as they go: what is permitted as devices, machine config pools as node pools
 * with what they bind by id, VMs with what they ask for, and all of them as live objects. What they do not show is not known:
 * the rules for such fleets are those that say so (`manifests`).
 */
export function fleetFromManifests(objects: readonly FoundObject[], facts: ManifestFacts): Fleet {
  const { inventories, kubevirtVersion, place } = facts;
  const devices = toDevices(objects);
  return Object.freeze({
    name: 'manifests',
    origin: 'manifests' as const,
    cluster: toClusterOfManifests(objects, kubevirtVersion, place),
    devices: Object.freeze(devices),
    nvidiaPlugin: toNvidiaPluginSettings(undefined, () => place),
    imagePlugins: [],
    vendorPlugins: [],
    nodePools: Object.freeze(toNodePools(objects, devices, inventories)),
    virtualMachines: Object.freeze(toVirtualMachines(objects).sort((a, b) => compareNatural(a.id, b.id))),
    inventories: Object.freeze([...inventories]),
    instancetypes: Object.freeze(objects.filter(({ kind }) => isInstancetypeKind(kind))),
    place,
  });
}

/** KubeVirt's own object says what is in force; HyperConverged, which writes it, stands in where that object is not there. */
function toDevices(objects: readonly CurrentObject[]): Device[] {
  const ranked = ['KubeVirt', 'HyperConverged'].flatMap((kind) => objects.filter((object) => object.kind === kind));
  const lists = ranked.flatMap((object) => permittedLists(object) ?? [])[0];
  return lists === undefined ? [] : toPermittedDevices(lists, providers(objects));
}

const NVIDIA_PLUGIN_IMAGE = /(?:^|\/)kubevirt-gpu-device-plugin(?::|@|$)/;

/** NVIDIA's plugin where one of its DaemonSets is there and no alias of its own gives the resources other names. */
function providers(objects: readonly CurrentObject[]): ProviderOf {
  const containers = objects
    .filter(({ kind }) => kind === 'DaemonSet')
    .flatMap(({ content }) => listAt(content, 'spec', 'template', 'spec', 'containers'));
  const plugins = containers.filter((container) => {
    const image = jsonAt(container, 'image');
    return typeof image === 'string' && NVIDIA_PLUGIN_IMAGE.test(image);
  });
  const isPlain = plugins.length > 0 && plugins.every((plugin) => listAt(plugin, 'env').every((one) => !isAlias(one)));
  return (resourceName) => (isPlain && resourceName.startsWith('nvidia.com/') ? 'nvidia' : undefined);
}

function isAlias(variable: Parameters<typeof jsonAt>[0]): boolean {
  const name = jsonAt(variable, 'name');
  return typeof name === 'string' && name.includes('ALIAS');
}
