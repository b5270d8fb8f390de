import { compareNatural, type CpuVendor, type Device, type Fleet, type NodePool, type PciId } from '../model';
import { advertisedBy } from './advertised';
import type {
  AnalysedFunction,
  AnalysedNode,
  Analysis,
  FunctionBinding,
  PreparationUnit,
  StrategyChoice,
} from './analysis';
import { bindOnNode, selectorIds, type BoundFunctions } from './bindings';
import { liveMachineCount } from './current-cluster';
import { analyseMachines } from './machines';
import { declaredNodes, type DeclaredNode } from './nodes';
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
  const boundByNode = groupByNode(bound);
  const nodes = declared.map((node) => analysedNode(node, boundByNode.get(node.name) ?? [], choiceOf, resources));
  const nodeByName = new Map(nodes.map((node) => [node.name, node]));
  const machines = analyseMachines(fleet, nodes, resources);
  return {
    fleet,
    nodes,
    nodeByName,
    deviceByName,
    poolByName: new Map(fleet.nodePools.map((pool) => [pool.name, pool])),
    resources,
    resourceByDevice: new Map(resources.map((resource) => [resource.device.name, resource])),
    units: drafts.map((draft) => finishUnit(fleet, draft, nodeByName)),
    machines,
    featureGates: neededGates(fleet),
    nvidiaPluginNodes: nodes.filter((node) => node.advertised.some(({ resource }) => resource.server === 'nvidia')),
    devicesBySelector: devicesBySelector(fleet.devices),
  };
}

function boundOn(node: DeclaredNode, deviceByName: ReadonlyMap<string, Device>): BoundFunctions[] {
  const facts = node.functions.map(({ fact }) => fact);
  return node.pools.flatMap((pool) =>
    pool.passthrough.map((passthrough) =>
      bindOnNode(pool, passthrough, node.name, facts, deviceByName.get(passthrough.device)),
    ),
  );
}

function groupByNode(bound: readonly BoundFunctions[]): Map<string, BoundFunctions[]> {
  const groups = new Map<string, BoundFunctions[]>();
  for (const one of bound) groups.set(one.node, [...(groups.get(one.node) ?? []), one]);
  return groups;
}

interface UnitDraft {
  readonly name: string;
  readonly pools: readonly NodePool[];
  readonly input: StrategyInput;
  readonly strategies: readonly StrategyChoice[];
  readonly liveNodeCount: number | undefined;
}

function draftUnits(
  fleet: Fleet,
  declared: readonly DeclaredNode[],
  bound: readonly BoundFunctions[],
  deviceByName: ReadonlyMap<string, Device>,
): UnitDraft[] {
  const poolsByUnit = new Map<string, NodePool[]>();
  for (const pool of fleet.nodePools) {
    poolsByUnit.set(pool.machineConfigPool, [...(poolsByUnit.get(pool.machineConfigPool) ?? []), pool]);
  }
  return [...poolsByUnit]
    .sort(([a], [b]) => compareNatural(a, b))
    .map(([name, pools]) => {
      const members = new Set(pools);
      const nodes = declared.filter((node) => node.pools.some((pool) => members.has(pool)));
      const liveNodeCount = liveMachineCount(fleet, name);
      const assumed = isCustomPool(name) ? nodes.length : undefined;
      const total = liveNodeCount ?? assumed;
      const input: StrategyInput = {
        fleet,
        nodes,
        bound: bound.filter(({ pool }) => members.has(pool)),
        undeclaredNodes: total === undefined ? undefined : Math.max(total - nodes.length, 0),
        unitName: name,
        deviceByName,
      };
      return { name, pools, input, strategies: chooseStrategies(input, pools), liveNodeCount };
    });
}

/** `worker` and `master` come with the cluster, every other MachineConfigPool is emitted. */
function isCustomPool(name: string): boolean {
  return name !== 'worker' && name !== 'master';
}

function finishUnit(
  fleet: Fleet,
  { name, pools, input, strategies, liveNodeCount }: UnitDraft,
  nodeByName: ReadonlyMap<string, AnalysedNode>,
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
    pools,
    nodes: input.nodes.flatMap((node) => nodeByName.get(node.name) ?? []),
    isCustom: isCustomPool(name),
    liveNodeCount,
    cpuVendors,
    strategies,
    effects: unitEffects(input, pools, strategies, cpuVendors),
  };
}

function analysedNode(
  node: DeclaredNode,
  bound: readonly BoundFunctions[],
  choiceOf: ReadonlyMap<BoundFunctions['passthrough'], StrategyChoice>,
  resources: Analysis['resources'],
): AnalysedNode {
  const functions = node.functions.map(({ fact, hostUse }): AnalysedFunction => {
    const bindings = bound.flatMap((declaration): FunctionBinding[] => {
      const role = declaration.devices.includes(fact)
        ? 'device'
        : declaration.companions.includes(fact)
          ? 'companion'
          : undefined;
      if (role === undefined) return [];
      const { pool, passthrough } = declaration;
      return [{ pool, passthrough, role, strategy: choiceOf.get(passthrough)?.strategy ?? 'address' }];
    });
    return { node: node.name, fact, hostUse, bindings };
  });
  return {
    name: node.name,
    pools: node.pools,
    inventory: node.inventory,
    functions,
    functionByAddress: new Map(functions.map((one) => [one.fact.address, one])),
    advertised: advertisedBy(node, functions, resources),
  };
}

/**
 * The gates that the fleet's own VMs need, then those that it asks for. `gpus` needs none, `hostDevices` needs HostDevices in
 * every release so far (kubevirt.md fact 65).
 */
function neededGates(fleet: Fleet): string[] {
  const gates = new Set<string>();
  const usesHostDevices = fleet.virtualMachines.some(({ hostDevices }) => hostDevices.length > 0);
  if (usesHostDevices || fleet.devices.some(({ kind }) => kind === 'usb')) gates.add('HostDevices');
  for (const { name } of fleet.cluster.kubevirt.featureGates) gates.add(name);
  return [...gates];
}

function devicesBySelector(devices: readonly Device[]): Map<PciId, Device[]> {
  const bySelector = new Map<PciId, Device[]>();
  for (const device of devices) {
    for (const id of selectorIds(device)) bySelector.set(id, [...(bySelector.get(id) ?? []), device]);
  }
  return bySelector;
}
