import { groupBy, type Device, type Fleet, type NodePool, type PciId } from '../model';
import { boundAddresses } from '../openshift';
import { Advertising } from './advertised/advertised';
import type { AnalysedFunction, AnalysedNode, Analysis, FunctionBinding, StrategyChoice } from './analysis';
import { bindOnNode, isClaimed, selectorIds, type BoundFunctions } from './bindings';
import { currentCluster } from './current/current-cluster';
import { liveConfiguration } from './current/live-configuration';
import { driverAfter } from './drivers';
import { boundByTables } from './foreign-bindings';
import { kubeletPolicies, type KubeletPolicies } from './kubelet';
import { kubeletAsks } from './kubelet-asks';
import { analyseMachines } from './machines';
import { mediatedHandlingOff } from './mediated-handling';
import { neededGates } from './needed-gates';
import { declaredNodes, type DeclaredNode } from './nodes';
import { permittedHostDevices } from './permitted-host-devices';
import { unitKey } from './preparation-units';
import { fleetResources } from './resources';
import { claimedIds, draftUnits, finishUnit } from './unit-drafts';

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

function devicesBySelector(devices: readonly Device[]): Map<PciId, Device[]> {
  const bySelector = new Map<PciId, Device[]>();
  for (const device of devices) {
    for (const id of selectorIds(device)) bySelector.set(id, [...(bySelector.get(id) ?? []), device]);
  }
  return bySelector;
}
