import {
  compareNatural,
  isJsonObject,
  NODE_PLATFORMS,
  type Cluster,
  type DeclaredHostUse,
  type DeclaredHugepages,
  type MediatedDeviceUse,
  type NodePool,
  type Passthrough,
  type TalosSchematic,
  type Taint,
  type VirtualFunctionUse,
} from '../../model';
import type { Place } from '../../source';
import { toPciVendorSelector } from './device';
import { toDeclaredAddresses, toDeclaredAddressList } from './addresses';
import {
  below,
  choiceOf,
  isTrue,
  itemsOf,
  mapOf,
  placedTexts,
  sortedEntries,
  textMapOf,
  textOf,
  wholeNumberOf,
  type PlaceBelow,
} from './values';

/**
 * One entry of `nodePools` as a pool of the model.
 *
 * Left out: the MachineConfigPool is named like the pool; `iommu.pt` is false, `iommu.intelArgument` and
 * `iommu.amdArgument` are `emit`; `binding` is
 * `auto`; mediated devices are created by KubeVirt, virtual functions by node preparation; the platform is the cluster's, and its
 * version too where the platform is.
 *
 * @returns undefined when the entry is no map.
 */
export function toNodePool(
  name: string,
  value: unknown,
  at: PlaceBelow,
  cluster: Pick<Cluster, 'nodePlatform' | 'nodePlatformVersion'>,
  schematicAt: SchematicReader,
): NodePool | undefined {
  if (!isJsonObject(value)) return undefined;
  const nodePlatform = choiceOf(value['nodePlatform'], NODE_PLATFORMS) ?? cluster.nodePlatform;
  const machineConfigPool = textOf(value['machineConfigPool']);
  const machineConfigNames = mapOf(value['machineConfigNames']);
  const iommu = mapOf(value['iommu']);
  return {
    name,
    nodes: toNodes(value['nodes'], below(at, 'nodes')),
    nodeSelector: textMapOf(value['nodeSelector']),
    cpuVendor: choiceOf(value['cpuVendor'], ['intel', 'amd', 'arm']),
    nodePlatform,
    nodePlatformVersion:
      textOf(value['nodePlatformVersion']) ??
      (nodePlatform === cluster.nodePlatform ? cluster.nodePlatformVersion : undefined),
    machineConfigPool: machineConfigPool ?? name,
    machineConfigPoolDeclared: machineConfigPool !== undefined,
    maxUnavailable: textOf(value['maxUnavailable']) ?? wholeNumberOf(value['maxUnavailable']),
    machineConfigNames: {
      kernelArguments: textOf(machineConfigNames['kernelArguments']),
      vfio: textOf(machineConfigNames['vfio']),
    },
    iommu: {
      pt: isTrue(iommu['pt']),
      intelArgument: choiceOf(iommu['intelArgument'], ['omit']) ?? 'emit',
      amdArgument: choiceOf(iommu['amdArgument'], ['omit']) ?? 'emit',
    },
    kernelArguments: placedTexts(value['kernelArguments'], below(at, 'kernelArguments')),
    hugepages: eachMap(value['hugepages'], below(at, 'hugepages'), toHugepages),
    kubelet: isJsonObject(value['kubelet']) ? value['kubelet'] : undefined,
    talosSchematic:
      nodePlatform === 'talos' || value['talosSchematic'] !== undefined
        ? schematicAt(textOf(value['talosSchematic']), at('talosSchematic'))
        : undefined,
    performanceProfile: textOf(value['performanceProfile']),
    hostUse: eachMap(value['hostUse'], below(at, 'hostUse'), toHostUse),
    taints: eachMap(value['taints'], below(at, 'taints'), toTaint),
    passthrough: eachMap(value['passthrough'], below(at, 'passthrough'), toPassthrough),
    mediatedDevices: eachMap(value['mediatedDevices'], below(at, 'mediatedDevices'), toMediatedDeviceUse),
    sriov: eachMap(value['sriov'], below(at, 'sriov'), toVirtualFunctionUse),
    usb: placedTexts(value['usb'], below(at, 'usb')).map(({ text, place }) => ({ device: text, place })),
    place: at(),
  };
}

/** Reads the schematic that a pool names, or the cluster's where it names none. */
export type SchematicReader = (path: string | undefined, at: Place) => TalosSchematic | undefined;

type Map = Readonly<Record<string, unknown>>;

function eachMap<T>(value: unknown, at: PlaceBelow, read: (item: Map, at: PlaceBelow) => T | undefined): T[] {
  return itemsOf(value).flatMap((item, i) => {
    const entity = isJsonObject(item) ? read(item, below(at, i)) : undefined;
    return entity === undefined ? [] : [entity];
  });
}

function toNodes(value: unknown, at: PlaceBelow): NodePool['nodes'] {
  const seen = new Set<string>();
  return placedTexts(value, at)
    .filter(({ text }) => text.trim() !== '' && !seen.has(text) && seen.add(text))
    .map(({ text, place }) => ({ name: text, place }))
    .sort((a, b) => compareNatural(a.name, b.name));
}

function toHostUse(value: Map, at: PlaceBelow): DeclaredHostUse | undefined {
  const addresses = toDeclaredAddressList(value['addresses'], below(at, 'addresses'));
  if (addresses.length === 0) return undefined;
  return {
    addresses,
    nodes:
      value['nodes'] === undefined ? undefined : itemsOf(value['nodes']).filter((node) => typeof node === 'string'),
    reason: textOf(value['reason']) ?? '',
    place: at(),
  };
}

function toHugepages(value: Map, at: PlaceBelow): DeclaredHugepages | undefined {
  const size = textOf(value['size']);
  const count = wholeNumberOf(value['count']);
  return size === undefined || count === undefined ? undefined : { size, count, place: at() };
}

function toTaint(value: Map): Taint | undefined {
  const key = textOf(value['key']);
  const effect = choiceOf(value['effect'], ['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
  return key === undefined || effect === undefined ? undefined : { key, value: textOf(value['value']), effect };
}

function toPassthrough(value: Map, at: PlaceBelow): Passthrough | undefined {
  const device = textOf(value['device']);
  if (device === undefined) return undefined;
  return {
    device,
    addresses: toDeclaredAddresses(value['addresses'], below(at, 'addresses')),
    binding: choiceOf(value['binding'], ['id', 'address', 'external']) ?? 'auto',
    companions:
      value['companions'] === undefined ? undefined : placedTexts(value['companions'], below(at, 'companions')),
    // a reason that cannot be read is reported; the rule that it is meant for would only repeat it
    acknowledge: sortedEntries(value['acknowledge']).map(([slug, reason]) => ({
      slug,
      reason: textOf(reason) ?? '',
      place: at('acknowledge', slug),
    })),
    place: at(),
  };
}

function toMediatedDeviceUse(value: Map, at: PlaceBelow): MediatedDeviceUse | undefined {
  const device = textOf(value['device']);
  if (device === undefined) return undefined;
  return {
    device,
    createdBy: choiceOf(value['createdBy'], ['vgpu-device-manager', 'host', 'external']) ?? 'kubevirt',
    count: wholeNumberOf(value['count']),
    place: at(),
  };
}

function toVirtualFunctionUse(value: Map, at: PlaceBelow): VirtualFunctionUse | undefined {
  const parent = textOf(value['parent']);
  const numVfs = wholeNumberOf(value['numVfs']);
  if (parent === undefined || numVfs === undefined) return undefined;
  return {
    parent: toPciVendorSelector(parent, at('parent')),
    numVfs,
    createdBy: choiceOf(value['createdBy'], ['operator']) ?? 'host',
    place: at(),
  };
}
