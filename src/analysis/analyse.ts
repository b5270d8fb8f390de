import { isAtLeast, parseKubeVirtVersion } from '../kubevirt';
import {
  compareNatural,
  compareText,
  groupBy,
  type CpuVendor,
  type Device,
  type DeviceRequest,
  type Fleet,
  type NodePlatform,
  type NodePool,
  type PciId,
} from '../model';
import { boundAddresses, type MachineConfig } from '../openshift';
import { Advertising } from './advertised/advertised';
import type {
  AnalysedFunction,
  AnalysedNode,
  Analysis,
  FunctionBinding,
  PreparationUnit,
  StrategyChoice,
} from './analysis';
import { bindOnNode, isClaimed, selectorIds, type BoundFunctions } from './bindings';
import {
  currentCluster,
  foreignMachineConfigs,
  isCustomPool,
  liveMachineCount,
  workerIsInherited,
} from './current/current-cluster';
import { liveConfiguration } from './current/live-configuration';
import { driverAfter } from './drivers';
import { boundByTables } from './foreign-bindings';
import type { KubeletSetting } from './effects';
import { kubeletPolicies, type KubeletPolicies } from './kubelet';
import { adoptedConfigs, type AdoptedConfigs } from './adopted-configs';
import { kubeletAsks } from './kubelet-asks';
import { unitConfigNames, type MachineConfigNames } from './machine-config-names';
import { analyseMachines } from './machines';
import { MEDIATED_OFF_GATE, mediatedHandlingOff } from './mediated-handling';
import { declaredNodes, type DeclaredNode } from './nodes';
import { permittedHostDevices } from './permitted-host-devices';
import { unitKey, unitName } from './preparation-units';
import { foreignIdSources } from './prepared-files';
import { fleetResources } from './resources';
import { chooseStrategies, type StrategyInput } from './strategies';
import { unitEffects } from './unit-effects';

/**
 * What the cluster will do with this fleet. Pure and total: a fleet with mistakes has an analysis too, so that every rule
 * can speak about it.
 */
export function analyse(fleet: Fleet): Analysis {
  const deviceByName = new Map(fleet.devices.map((device) => [device.name, device]));
  const declared = declaredNodes(fleet);
  const bound = declared.flatMap((node) => boundOn(node, deviceByName));
  const drafts = draftUnits(fleet, declared, bound, deviceByName);
  const choiceOf = new Map(
    drafts.flatMap(({ strategies }) => strategies.map((choice) => [choice.passthrough, choice])),
  );
  const resources = fleetResources(fleet);
  const { permitted, dropped } = permittedHostDevices(resources, liveConfiguration(fleet));
  const advertising = new Advertising(fleet, resources, permitted);
  const boundByNode = groupBy(bound, ({ node }) => node);
  const claimedByUnit = claimedIds(drafts);
  const current = currentCluster(fleet);
  const claimedDevices = new Set(fleet.devices.filter(isClaimed).map(({ name }) => name));
  const foreignTables = new Map(
    drafts
      .filter(({ foreignConfigs, strategies }) => foreignConfigs.length > 0 && !strategies.some(isByAddress))
      .map(({ key, foreignConfigs }) => [key, boundAddresses({ configs: foreignConfigs })]),
  );
  const asks = kubeletAsks(fleet);
  const kubeletByPool = new Map<NodePool | undefined, KubeletPolicies>(
    fleet.nodePools.map((pool) => [pool, kubeletPolicies(pool, current, asks.get(unitKey(pool)))]),
  );
  const nodes = declared.map((node): AnalysedNode => {
    const live = current?.nodes.get(node.name);
    const tables = node.pools.flatMap((pool) => foreignTables.get(unitKey(pool)) ?? []);
    const functions = analysedFunctions(
      node,
      boundByNode.get(node.name) ?? [],
      choiceOf,
      claimedByUnit,
      claimedDevices,
      boundByTables(tables, node, live),
    );
    return {
      name: node.name,
      pools: node.pools,
      inventory: node.inventory,
      functions,
      functionByAddress: new Map(functions.map((one) => [one.fact.address, one])),
      ...advertising.of(node, functions),
      kubelet: kubeletByPool.get(node.pools[0]) ?? NOTHING_KNOWN,
      live,
    };
  });
  const nodeByName = new Map(nodes.map((node) => [node.name, node]));
  const { machines, machineShapes, machineVariants } = analyseMachines(fleet, nodes, resources);
  return {
    fleet,
    nodes,
    nodeByName,
    deviceByName,
    poolByName: new Map(fleet.nodePools.map((pool) => [pool.name, pool])),
    resources,
    resourceByDevice: new Map(resources.map((resource) => [resource.device.name, resource])),
    units: drafts.map((draft) => finishUnit(fleet, draft, nodeByName, asks.get(draft.key) ?? [])),
    kubeletAsks: asks,
    machines,
    machineShapes,
    machineVariants,
    featureGates: neededGates(fleet),
    mediatedHandlingOff: mediatedHandlingOff(fleet),
    nvidiaPluginNodes: nodes.filter((node) =>
      node.advertised.some(({ resource, provided }) => resource.server === 'nvidia' && provided !== 0),
    ),
    permitted,
    droppedEntries: dropped,
    current,
    devicesBySelector: devicesBySelector(fleet.devices),
  };
}

/** Of a node in no pool. */
const NOTHING_KNOWN: KubeletPolicies = { cpuManager: undefined, topologyManager: undefined };

/** Where the fleet binds by address too, its own table takes the place of any other. */
function isByAddress({ strategy }: StrategyChoice): boolean {
  return strategy === 'address';
}

function boundOn(node: DeclaredNode, deviceByName: ReadonlyMap<string, Device>): BoundFunctions[] {
  const facts = node.functions.map(({ fact }) => fact);
  return node.pools.flatMap((pool) =>
    pool.passthrough.map((passthrough) =>
      bindOnNode(pool, passthrough, node.name, facts, deviceByName.get(passthrough.device)),
    ),
  );
}

interface UnitDraft {
  readonly key: string;
  readonly name: string;
  readonly platform: NodePlatform;
  readonly pools: readonly NodePool[];
  readonly input: StrategyInput;
  readonly strategies: readonly StrategyChoice[];
  readonly liveNodeCount: number | undefined;
  readonly configNames: MachineConfigNames;
  readonly foreignConfigs: readonly MachineConfig[];
  readonly adopted: AdoptedConfigs;
}

function draftUnits(
  fleet: Fleet,
  declared: readonly DeclaredNode[],
  bound: readonly BoundFunctions[],
  deviceByName: ReadonlyMap<string, Device>,
): UnitDraft[] {
  const poolsByUnit = groupBy(fleet.nodePools, unitKey);
  const units = [...poolsByUnit].flatMap(([key, pools]) => {
    const [first] = pools;
    if (first === undefined) return [];
    const name = unitName(first);
    return [{ key, name, pools, platform: first.nodePlatform, configNames: unitConfigNames(name, pools) }];
  });
  const ownNames = new Set(
    units
      .filter(({ platform }) => platform === 'openshift')
      .flatMap(({ configNames }) => [configNames.kernelArguments, configNames.vfio]),
  );
  const memberships = declared.flatMap((node) => [...new Set(node.pools.map(unitKey))].map((key) => ({ key, node })));
  const membersByUnit = groupBy(memberships, ({ key }) => key);
  const boundByUnit = groupBy(bound, ({ pool }) => unitKey(pool));
  return units
    .sort((a, b) => compareNatural(a.name, b.name) || compareText(a.key, b.key))
    .map(({ key, name, pools, platform, configNames }) => {
      const isOpenshift = platform === 'openshift';
      const nodes = (membersByUnit.get(key) ?? []).map(({ node }) => node);
      const liveNodeCount = isOpenshift
        ? liveMachineCount(fleet, name, new Set(nodes.map((node) => node.name)))
        : undefined;
      // elsewhere people apply it to the nodes of the pool, one by one
      const assumed = !isOpenshift || isCustomPool(name) ? nodes.length : undefined;
      const total = liveNodeCount ?? assumed;
      const input: StrategyInput = {
        fleet,
        nodes,
        bound: boundByUnit.get(key) ?? [],
        undeclaredNodes: total === undefined ? undefined : Math.max(total - nodes.length, 0),
        unitName: name,
        platform,
        isInherited: isOpenshift && name === 'worker' && fleet.origin === 'declared' && workerIsInherited(fleet),
        deviceByName,
      };
      return {
        key,
        name,
        pools,
        platform,
        input,
        strategies: chooseStrategies(input, pools),
        liveNodeCount,
        configNames,
        adopted: adoptedConfigs(isOpenshift ? currentCluster(fleet) : undefined, name, pools),
        foreignConfigs: isOpenshift ? foreignMachineConfigs(currentCluster(fleet), name, ownNames) : [],
      };
    });
}

function finishUnit(
  fleet: Fleet,
  { name, platform, pools, input, strategies, liveNodeCount, configNames, foreignConfigs, adopted }: UnitDraft,
  nodeByName: ReadonlyMap<string, AnalysedNode>,
  kubelet: readonly KubeletSetting[],
): PreparationUnit {
  const vendors = new Set<CpuVendor>();
  for (const node of input.nodes) {
    for (const pool of node.pools)
      if (pool.cpuVendor !== undefined && pools.includes(pool)) vendors.add(pool.cpuVendor);
    if (node.inventory?.cpuVendor !== undefined) vendors.add(node.inventory.cpuVendor);
  }
  const cpuVendors = (['intel', 'amd', 'arm'] as const).filter((vendor) => vendors.has(vendor));
  return {
    name,
    platform,
    platformVersion: pools.map((pool) => pool.nodePlatformVersion).find((version) => version !== undefined),
    pools,
    nodes: input.nodes.flatMap((node) => nodeByName.get(node.name) ?? []),
    isCustom: platform === 'openshift' && isCustomPool(name),
    configNames,
    foreignConfigs,
    adopted,
    liveNodeCount,
    cpuVendors,
    strategies,
    effects: unitEffects(input, { pools, platform, cpuVendors, adopted, foreignConfigs, kubelet }, strategies),
  };
}

/**
 * The ids that vfio-pci claims by itself on the nodes of each unit: the unit's own list, else what it inherits from `worker`, else
 * the last list of others.
 */
function claimedIds(drafts: readonly UnitDraft[]): Map<string, ReadonlySet<string>> {
  const own = new Map(drafts.map((draft) => [draft.key, ownIds(draft)]));
  return new Map(
    drafts.map(({ key, name, platform, foreignConfigs }) => {
      const inherits = platform === 'openshift' && isCustomPool(name);
      const lists = [own.get(key), inherits ? own.get('openshift worker') : undefined];
      const ids = lists.find((list) => list !== undefined && list.size > 0);
      // nothing is bound by id here, so no file is the fleet's own
      return [key, ids ?? new Set(foreignIdSources(foreignConfigs, '').at(-1)?.ids)];
    }),
  );
}

function ownIds({ strategies, input }: UnitDraft): Set<string> {
  return new Set(
    strategies
      .filter(({ strategy }) => strategy === 'id')
      .flatMap(({ passthrough }) => selectorIds(input.deviceByName.get(passthrough.device))),
  );
}

function analysedFunctions(
  node: DeclaredNode,
  bound: readonly BoundFunctions[],
  choiceOf: ReadonlyMap<BoundFunctions['passthrough'], StrategyChoice>,
  claimedByUnit: ReadonlyMap<string, ReadonlySet<string>>,
  claimedDevices: ReadonlySet<string>,
  others: ReadonlySet<string>,
): AnalysedFunction[] {
  const claimed = new Set(node.pools.flatMap((pool) => [...(claimedByUnit.get(unitKey(pool)) ?? [])]));
  return node.functions.map(({ fact, hostUse }): AnalysedFunction => {
    const bindings = bound.flatMap((declaration): FunctionBinding[] => {
      const role = declaration.devices.includes(fact)
        ? 'device'
        : declaration.companions.includes(fact)
          ? 'companion'
          : undefined;
      if (role === undefined) return [];
      const { pool, passthrough } = declaration;
      // of a device that is claimed the companions stay ours: no driver binds them
      const strategy =
        role === 'companion' && claimedDevices.has(passthrough.device)
          ? 'address'
          : (choiceOf.get(passthrough)?.strategy ?? 'address');
      return [{ pool, passthrough, role, strategy }];
    });
    return {
      node: node.name,
      fact,
      hostUse,
      bindings,
      driver: driverAfter(fact, bindings, claimed, others.has(fact.address)),
    };
  });
}

/**
 * The gates that the fleet's own VMs need, then those that it asks for. `gpus` needs none, `hostDevices` needs HostDevices in
 * every release so far (kubevirt.md fact 65).
 */
function neededGates(fleet: Fleet): string[] {
  const gates = new Set<string>();
  const usesHostDevices = fleet.virtualMachines.some(({ hostDevices }) => hostDevices.length > 0);
  if (usesHostDevices || fleet.devices.some(({ kind }) => kind === 'usb')) gates.add('HostDevices');
  for (const gate of claimGates(fleet)) gates.add(gate);
  for (const gate of numaGates(fleet)) gates.add(gate);
  if (mediatedHandlingOff(fleet)?.by === 'gate') gates.add(MEDIATED_OFF_GATE);
  for (const { name } of fleet.cluster.kubevirt.featureGates) gates.add(name);
  return [...gates];
}

/**
 * Every NUMA request dedicates CPUs, which hangs on CPUManager (kubevirt.md fact 73). The gate for devices is new in 1.8; in earlier releases
 * the request is a finding.
 */
function numaGates({ cluster, virtualMachines }: Fleet): string[] {
  const asking = virtualMachines.flatMap(({ numa }) => numa ?? []);
  if (asking.length === 0) return [];
  const version = parseKubeVirtVersion(cluster.kubevirt.version);
  const isKnown = version.ok && isAtLeast(version.value, '1.8');
  return [
    'CPUManager',
    ...(isKnown && asking.some(({ pcieTopology }) => pcieTopology) ? ['PCINUMAAwareTopology'] : []),
  ];
}

/** The gates of claims are on by default from 1.9 on, and off unless they are listed before (kubevirt.md part 0). */
function claimGates({ cluster, devices, virtualMachines }: Fleet): string[] {
  const version = parseKubeVirtVersion(cluster.kubevirt.version);
  if (!version.ok || isAtLeast(version.value, '1.9')) return [];
  const claimed = new Set(devices.filter(isClaimed).map(({ name }) => name));
  const claims = ({ device, options }: DeviceRequest): boolean =>
    (device !== undefined && claimed.has(device)) || options['claimName'] !== undefined;
  return [
    ...(virtualMachines.some(({ gpus }) => gpus.some(claims)) ? ['GPUsWithDRA'] : []),
    ...(virtualMachines.some(({ hostDevices }) => hostDevices.some(claims)) ? ['HostDevicesWithDRA'] : []),
  ];
}

function devicesBySelector(devices: readonly Device[]): Map<PciId, Device[]> {
  const bySelector = new Map<PciId, Device[]>();
  for (const device of devices) {
    for (const id of selectorIds(device)) bySelector.set(id, [...(bySelector.get(id) ?? []), device]);
  }
  return bySelector;
}
