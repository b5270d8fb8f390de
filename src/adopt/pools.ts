import {
  isJsonObject,
  jsonAt,
  type CurrentObject,
  type DeclaredAddresses,
  type Fleet,
  type JsonObject,
  type JsonValue,
  type NodePool,
  type Passthrough,
} from '../model';
import { isStandardPool, machineConfigPools, type MachineConfigPool } from '../openshift';
import { commentText } from '../manifests';
import type { Pointer } from '../source';
import type { DocumentPart } from './adoption';
import type { AdoptedDevice } from './devices';
import { LeftList } from './left-objects';
import { adoptableConfigs, type AdoptableConfigs } from './machine-configs';
import { allocatableOf, cpuVendorOf } from './node-facts';
import { freeId, isDnsLabel, isDnsName } from './names';

/** The pools of a fleet, with the ids of the devices that they hand over. */
export interface AdoptedPools {
  readonly section: DocumentPart;
  readonly handedOver: ReadonlySet<string>;
  /** The names of the MachineConfigs that the fleet writes from now on. */
  readonly machineConfigs: ReadonlySet<string>;
  /** The Nodes that are in a pool. */
  readonly nodes: ReadonlySet<string>;
}

/** What is collected while pools are made. */
interface Draft {
  readonly value: Record<string, JsonObject>;
  readonly comments: Map<Pointer, string>;
  readonly handedOver: Set<string>;
  readonly machineConfigs: Set<string>;
  readonly nodes: Set<string>;
}

const UNPROVEN = 'pci/unsafe-id-binding';

/** The pools that hand devices over: machine config pools, or else groups of Nodes that advertise the same. */
export function adoptPools(
  fleet: Fleet,
  objects: readonly CurrentObject[],
  devices: readonly AdoptedDevice[],
  left: LeftList,
): AdoptedPools {
  const draft: Draft = {
    value: {},
    comments: new Map(),
    handedOver: new Set(),
    machineConfigs: new Set(),
    nodes: new Set(),
  };
  const pools = machineConfigPools(objects);
  if (pools.length === 0) adoptNodeGroups(objects, devices, draft);
  else {
    const readPools = new Map(fleet.nodePools.map((pool) => [pool.machineConfigPool, pool]));
    for (const pool of pools) adoptMachineConfigPool(pool, objects, devices, readPools.get(pool.name), left, draft);
  }
  const { value, comments, ...rest } = draft;
  return { section: { value, comments }, ...rest };
}

function adoptMachineConfigPool(
  pool: MachineConfigPool,
  objects: readonly CurrentObject[],
  devices: readonly AdoptedDevice[],
  read: NodePool | undefined,
  left: LeftList,
  draft: Draft,
): void {
  const bound = new LeftList();
  const configs = adoptableConfigs(pool, bound);
  const passthrough = passthroughOf(pool, configs, devices, read);
  const usb = advertisedIn(pool.nodes, devices, 'usb');
  if (passthrough.length === 0 && usb.length === 0) {
    for (const config of [configs.kernelArguments, configs.vfio].flatMap((one) => one ?? []))
      left.addObject(config.object, 'nothing is taken over from the pool that it is for');
    return;
  }
  for (const { kind, names, reason } of bound.all()) for (const name of names) left.add(kind, name, reason);
  if (!isDnsLabel(pool.name)) {
    left.add('MachineConfigPool', pool.name, 'its name is no DNS label of 63 characters at most');
    return;
  }
  const takesVfio = passthrough.some(({ binding }) => binding !== 'external');
  const vfio = takesVfio ? configs.vfio : undefined;
  if (!takesVfio && configs.vfio !== undefined)
    left.addObject(configs.vfio.object, 'what it binds is not permitted as a whole: bound by others');
  const kept = { ...configs, vfio, arguments: takesVfio ? configs.arguments : argumentsOf(configs.kernelArguments) };
  const nodes = pool.nodes.map(({ name }) => name).filter(isDnsName);
  const profile = profileOf(pool, objects);
  const names = {
    ...(kept.kernelArguments === undefined ? {} : { kernelArguments: kept.kernelArguments.name }),
    ...(vfio === undefined ? {} : { vfio: vfio.name }),
  };
  for (const name of Object.values(names)) draft.machineConfigs.add(name);
  for (const { device } of passthrough) draft.handedOver.add(device);
  for (const id of usb) draft.handedOver.add(id);
  for (const name of nodes) draft.nodes.add(name);
  const at = `/${pool.name}`;
  draft.value[pool.name] = {
    nodes,
    machineConfigPool: pool.name,
    ...argumentsPart(pool, kept, nodes, profile),
    ...(Object.keys(names).length === 0 ? {} : { machineConfigNames: names }),
    ...(profile === undefined ? {} : { performanceProfile: profile }),
    ...maxUnavailableOf(pool),
    ...taintsOf(read),
    ...(passthrough.length === 0
      ? {}
      : { passthrough: passthrough.map((entry) => entryOf(entry, pool, vfio?.name, nodes.length === 0)) }),
    ...(usb.length === 0 ? {} : { usb }),
  };
  if (Object.keys(names).length > 0)
    draft.comments.set(`${at}/machineConfigNames`, 'these exist: what they do already stays as it is written in them');
  if (nodes.length === 0)
    draft.comments.set(`${at}/nodes`, 'no Node object showed who is in this pool: name its nodes');
  passthrough.forEach(({ binding, why }, i) => {
    if (binding === 'id') {
      draft.comments.set(
        `${at}/passthrough/${i}`,
        commentText(
          'Bound by id today, and nothing is changed by that. To verify: that no other function on any node of the pool has the id.',
          'Import each node (hostdev import), then remove the acknowledgement.',
        ),
      );
    } else if (why !== undefined) draft.comments.set(`${at}/passthrough/${i}`, why);
  });
}

/** One device that a pool hands over. */
interface AdoptedPassthrough {
  readonly device: string;
  readonly binding: 'id' | 'address' | 'external';
  readonly addresses?: DeclaredAddresses;
  readonly companions?: readonly string[];
  /** For a reader: why it is external. */
  readonly why?: string;
}

function passthroughOf(
  pool: MachineConfigPool,
  configs: AdoptableConfigs,
  devices: readonly AdoptedDevice[],
  read: NodePool | undefined,
): AdoptedPassthrough[] {
  const byAddress = (read?.passthrough ?? []).filter(({ binding }) => binding === 'address');
  const listed = new Set(configs.ids);
  const seen = new Set<string>(configs.effective?.ids);
  const entries = devices.flatMap(({ id, device }): AdoptedPassthrough[] => {
    if (device.kind !== 'pci') return [];
    const own = device.selectors.flatMap((selector) => selector.id ?? []);
    const addressed = configs.vfio === undefined ? undefined : byAddress.find((one) => one.device === device.name);
    if (addressed !== undefined && addressed.addresses.kind !== 'all-matching') {
      return [{ device: id, binding: 'address', addresses: addressed.addresses, ...companionsOf(addressed) }];
    }
    if (own.every((one) => listed.has(one))) return [{ device: id, binding: 'id' }];
    if (own.some((one) => seen.has(one)))
      return [{ device: id, binding: 'external', why: `bound by what ${configs.effective?.config.name ?? ''} says` }];
    if (pool.nodes.some((node) => allocatableOf(node, device.resourceName ?? '') > 0))
      return [{ device: id, binding: 'external', why: 'Nodes advertise it; who binds it shows in no MachineConfig' }];
    return [];
  });
  const byId = new Set(entries.filter(({ binding }) => binding === 'id').map(({ device }) => device));
  const permitted = new Set(
    devices.flatMap(({ id, device }) =>
      byId.has(id) && device.kind === 'pci' ? device.selectors.flatMap((selector) => selector.id ?? []) : [],
    ),
  );
  const companions = configs.ids.filter((one) => !permitted.has(one));
  return companions.length === 0
    ? entries
    : entries.map((entry) => (entry.binding === 'id' ? { ...entry, companions } : entry));
}

function companionsOf({ companions }: Passthrough): { readonly companions?: readonly string[] } {
  return companions === undefined ? {} : { companions: companions.map(({ text }) => text) };
}

function entryOf(
  { device, binding, addresses, companions }: AdoptedPassthrough,
  pool: MachineConfigPool,
  config: string | undefined,
  isWithoutNodes: boolean,
): JsonObject {
  return {
    device,
    binding,
    ...(addresses === undefined ? {} : { addresses: addressesOf(addresses) }),
    ...(companions === undefined ? {} : { companions }),
    // a custom pool without a node has nothing that is not known
    ...(binding === 'id' && !(isWithoutNodes && !isStandardPool(pool.name) && machineCountOf(pool) === 0)
      ? {
          acknowledge: {
            [UNPROVEN]: `MachineConfig ${config ?? ''} binds these ids today; nobody has verified that nothing else has them`,
          },
        }
      : {}),
  };
}

function addressesOf(addresses: DeclaredAddresses): JsonValue {
  switch (addresses.kind) {
    case 'every-node':
      return addresses.addresses.map(({ text }) => text);
    case 'by-node':
      return Object.fromEntries(
        addresses.byNode.map((one) => [one.node, one.addresses.map(({ text }) => text)] as const),
      );
    case 'all-matching':
      return [];
  }
}

/** The arguments so that they come out as they are: by `cpuVendor` where that gives the same, else spelled out in full. */
function argumentsPart(
  pool: MachineConfigPool,
  { arguments: list }: AdoptableConfigs,
  nodes: readonly string[],
  profile: string | undefined,
): JsonObject {
  const vendor = list.some((text) => text.startsWith('intel_iommu='))
    ? 'intel'
    : list.some((text) => text.startsWith('amd_iommu='))
      ? 'amd'
      : cpuVendorOf(pool.nodes);
  const pt = list.includes('iommu=pt') && vendor !== 'arm';
  const own = [
    ...(vendor === 'intel' ? ['intel_iommu=on'] : vendor === 'amd' ? ['amd_iommu=on'] : []),
    ...(pt ? ['iommu=pt'] : []),
  ];
  const isNatural =
    vendor !== undefined &&
    vendor !== 'arm' &&
    profile === undefined &&
    nodes.length > 0 &&
    own.every((text, i) => list[i] === text);
  const rest = isNatural ? list.slice(own.length) : list;
  const iommu = {
    ...(isNatural && pt ? { pt: true } : {}),
    ...(isNatural || (vendor !== 'intel' && vendor !== undefined) || list.includes('intel_iommu=on')
      ? {}
      : { intelArgument: 'omit' }),
    ...(isNatural || (vendor !== 'amd' && vendor !== undefined) || list.includes('amd_iommu=on')
      ? {}
      : { amdArgument: 'omit' }),
  };
  return {
    ...(vendor === undefined ? {} : { cpuVendor: vendor }),
    ...(Object.keys(iommu).length === 0 ? {} : { iommu }),
    ...(rest.length === 0 ? {} : { kernelArguments: rest }),
  };
}

function argumentsOf(config: AdoptableConfigs['kernelArguments']): string[] {
  return config?.kernelArguments.map(({ text }) => text) ?? [];
}

function profileOf(pool: MachineConfigPool, objects: readonly CurrentObject[]): string | undefined {
  return objects.find(({ kind, content, name }) => {
    const selector = jsonAt(content, 'spec', 'nodeSelector');
    return (
      kind === 'PerformanceProfile' &&
      isDnsName(name) &&
      isJsonObject(selector) &&
      Object.hasOwn(selector, `node-role.kubernetes.io/${pool.name}`)
    );
  })?.name;
}

function maxUnavailableOf({ name, object }: MachineConfigPool): JsonObject {
  const value = isStandardPool(name) ? undefined : jsonAt(object?.content, 'spec', 'maxUnavailable');
  const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const isShare = typeof value === 'string' && /^(?:100|[1-9]?[0-9])%$/.test(value);
  return isCount || isShare ? { maxUnavailable: value } : {};
}

function machineCountOf({ object }: MachineConfigPool): number {
  const count = jsonAt(object?.content, 'status', 'machineCount');
  return typeof count === 'number' ? count : 0;
}

/** Taints that every Node of the pool has. */
function taintsOf(read: NodePool | undefined): JsonObject {
  const taints = (read?.taints ?? []).map(({ key, value, effect }) => ({
    key,
    ...(value === undefined ? {} : { value }),
    effect,
  }));
  return taints.length === 0 ? {} : { taints };
}

function advertisedIn(
  nodes: readonly CurrentObject[],
  devices: readonly AdoptedDevice[],
  kind: AdoptedDevice['device']['kind'],
): string[] {
  return devices
    .filter(
      ({ device }) => device.kind === kind && nodes.some((node) => allocatableOf(node, device.resourceName ?? '') > 0),
    )
    .map(({ id }) => id);
}

/** Without machine config pools: Nodes that advertise the same devices are one pool, and who binds them does not show. */
function adoptNodeGroups(objects: readonly CurrentObject[], devices: readonly AdoptedDevice[], draft: Draft): void {
  const groups = new Map<string, CurrentObject[]>();
  for (const node of objects.filter(({ kind, name }) => kind === 'Node' && isDnsName(name))) {
    const key = JSON.stringify([
      advertisedIn([node], devices, 'pci'),
      advertisedIn([node], devices, 'usb'),
      cpuVendorOf([node]) ?? '',
    ]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const taken = new Set<string>();
  for (const nodes of groups.values()) {
    const passthrough = advertisedIn(nodes, devices, 'pci');
    const usb = advertisedIn(nodes, devices, 'usb');
    const [first] = [...passthrough, ...usb];
    if (first === undefined) continue;
    const vendor = cpuVendorOf(nodes);
    const name = freeId(first, taken);
    for (const id of [...passthrough, ...usb]) draft.handedOver.add(id);
    for (const node of nodes) draft.nodes.add(node.name);
    draft.value[name] = {
      nodes: nodes.map((node) => node.name),
      ...(vendor === undefined ? {} : { cpuVendor: vendor }),
      iommu: { intelArgument: 'omit', amdArgument: 'omit' },
      ...(passthrough.length === 0
        ? {}
        : { passthrough: passthrough.map((device) => ({ device, binding: 'external' })) }),
      ...(usb.length === 0 ? {} : { usb }),
    };
    draft.comments.set(`/${name}`, 'these nodes advertise the same devices today');
    if (passthrough.length > 0)
      draft.comments.set(`/${name}/passthrough`, 'who binds them shows in no object: external until hostdev does');
  }
}
