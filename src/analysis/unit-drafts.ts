/*
 * The units of a fleet: what each pool's nodes are prepared with, chosen before the nodes themselves are analysed.
 */
import {
  compareNatural,
  compareText,
  groupBy,
  type CpuVendor,
  type Device,
  type Fleet,
  type NodePlatform,
  type NodePool,
} from '../model';
import type { MachineConfig } from '../openshift';
import { adoptedConfigs, type AdoptedConfigs } from './adopted-configs';
import type { AnalysedNode, PreparationUnit, StrategyChoice } from './analysis';
import { selectorIds, type BoundFunctions } from './bindings';
import {
  currentCluster,
  foreignMachineConfigs,
  isCustomPool,
  liveMachineCount,
  workerIsInherited,
} from './current/current-cluster';
import type { KubeletSetting } from './effects';
import { unitConfigNames, type MachineConfigNames } from './machine-config-names';
import type { DeclaredNode } from './nodes';
import { unitKey, unitName } from './preparation-units';
import { foreignIdSources } from './prepared-files';
import { chooseStrategies, type StrategyInput } from './strategies';
import { unitEffects } from './unit-effects';

/** A unit as far as it is known before its nodes are analysed. */
export interface UnitDraft {
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

/** Every unit of a fleet, natural order. */
export function draftUnits(
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

/** A unit whose nodes are analysed. */
export function finishUnit(
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
export function claimedIds(drafts: readonly UnitDraft[]): Map<string, ReadonlySet<string>> {
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
