import {
  compareBdfAddress,
  compareNatural,
  compareText,
  parseBdfAddress,
  type BdfAddress,
  type CpuVendor,
  type NodePlatform,
  type NodePool,
  type PciFunction,
  type PciId,
} from '../model';
import type { MachineConfig } from '../openshift';
import { keptCompanionIds, type AdoptedConfigs } from './adopted-configs';
import type { StrategyChoice } from './analysis';
import {
  declaredAddressesOn,
  DEFAULT_COMPANION_CLASSES,
  isClaimed,
  selectorIds,
  type BoundFunctions,
} from './bindings';
import { bindingEffects } from './binding-effects';
import { conditions } from './conditions';
import type { BindingRow, Effects, KubeletSetting, RowScope } from './effects';
import { vgpusRows, virtualFunctionRows } from './host-made';
import { kernelArgumentEffects } from './kernel-arguments';
import { declaredKubeletSettings, mergeKubeletSettings } from './kubelet-settings';
import type { DeclaredNode } from './nodes';
import { fileEffects, foreignIdSources, systemdUnitEffects } from './prepared-files';
import { isWholeUnit, scopeKey, scopeOf } from './row-scopes';
import type { StrategyInput } from './strategies';

/*
 * Drivers that could take a device before vfio-pci does, by the vendor of the ids bound: a fixed table, because what an
 * inventory shows as bound changes with the binding itself and would make a second import reboot the pool.
 */
const COMPETING_DRIVERS: Readonly<Record<string, readonly string[]>> = {
  '10de': ['nouveau', 'nvidia', 'nvidia_drm', 'nvidiafb'],
  '1002': ['amdgpu', 'radeon'],
  '8086': ['i915', 'qat_4xxx', 'qat_c3xxx', 'qat_c62x', 'qat_dh895xcc', 'xe'],
};

/** A unit as far as its effects depend on it. */
export interface UnitSpec {
  readonly pools: readonly NodePool[];
  readonly platform: NodePlatform;
  readonly cpuVendors: readonly CpuVendor[];
  /** The live MachineConfigs whose names the pools keep. */
  readonly adopted: AdoptedConfigs;
  /** What others wrote for its nodes. */
  readonly foreignConfigs: readonly MachineConfig[];
  /** What others than the pools ask the unit's kubelets for, the most important first. */
  readonly kubelet: readonly KubeletSetting[];
}

/** What preparing a unit does to its nodes. */
export function unitEffects(
  input: StrategyInput,
  { pools, platform, cpuVendors, kubelet, adopted, foreignConfigs }: UnitSpec,
  strategies: readonly StrategyChoice[],
): Effects {
  const passes = strategies.length > 0;
  const usesIommu = passes || pools.some((pool) => pool.mediatedDevices.length > 0);
  const ids = new Set<PciId>();
  const unmerged: BindingRow[] = [];
  for (const choice of strategies) {
    const device = input.deviceByName.get(choice.passthrough.device);
    if (choice.strategy === 'id') {
      for (const id of [...selectorIds(device), ...keptCompanionIds(adopted, choice.passthrough)]) ids.add(id);
    }
    if (choice.strategy === 'address') unmerged.push(...rowsOf(input, choice, selectorIds(device)));
    if (isClaimed(device)) unmerged.push(...companionRows(input, choice));
  }
  const sortedIds = [...ids].sort(compareText);
  const rows = mergeRows(unmerged);
  const modules = passes && !isBoundByOthers(input, strategies, foreignConfigs) ? ['vfio-pci'] : [];
  const virtualFunctions = virtualFunctionRows(input, pools);
  const vgpus = vgpusRows(input, pools);
  const carried = {
    kernelArguments: kernelArgumentEffects(pools, usesIommu ? cpuVendors : []),
    modules,
    ids: sortedIds,
    softDependencies: [...new Set(sortedIds.flatMap((id) => COMPETING_DRIVERS[id.slice(0, 4)] ?? []))].sort(
      compareText,
    ),
    rows,
    virtualFunctions,
    vgpus,
    bindings: bindingEffects(input, strategies, platform),
    kubelet: mergeKubeletSettings([...declaredKubeletSettings(pools), ...kubelet]),
    files: fileEffects({ ids: sortedIds, modules, rows, virtualFunctions, vgpus }, platform, adopted),
    units: systemdUnitEffects({ rows, virtualFunctions, vgpus }, platform),
  };
  return { ...carried, ...conditions(carried, usesIommu, cpuVendors) };
}

function rowsOf(input: StrategyInput, choice: StrategyChoice, ids: readonly PciId[]): BindingRow[] {
  const { passthrough, pool } = choice;
  const bound = input.bound.filter((b) => b.passthrough === passthrough);
  if (passthrough.addresses.kind === 'every-node' && isWholeUnit(input, pool)) {
    return [
      ...rowsForEveryNode(choice, ids),
      ...companionRowsForEveryNode(choice, bound),
      ...companionsById(input, bound),
    ];
  }
  return input.nodes
    .filter((node) => node.pools.includes(pool))
    .flatMap((node) =>
      rowsForNode(
        node,
        choice,
        ids,
        bound.find((b) => b.node === node.name),
      ),
    );
}

/** Whether live MachineConfigs of others give all ids of the unit to vfio-pci: the nodes do with what loads it today. */
function isBoundByOthers(
  { deviceByName }: StrategyInput,
  strategies: readonly StrategyChoice[],
  foreignConfigs: readonly MachineConfig[],
): boolean {
  // nothing is bound by id here, so no file is the fleet's own
  const theirs = new Set(foreignIdSources(foreignConfigs, '').at(-1)?.ids);
  return strategies.every(({ strategy, passthrough }) => {
    const device = deviceByName.get(passthrough.device);
    return strategy === 'external' && !isClaimed(device) && selectorIds(device).every((id) => theirs.has(id));
  });
}

function rowsForEveryNode({ passthrough }: StrategyChoice, ids: readonly PciId[]): BindingRow[] {
  return (declaredAddressesOn(passthrough, '') ?? []).map((address) => ({
    scope: { kind: 'any' },
    address,
    ids,
    subsystem: undefined,
    class: undefined,
    serial: undefined,
    companionClasses: passthrough.companions === undefined ? DEFAULT_COMPANION_CLASSES : [],
    purpose: passthrough.device,
  }));
}

/** The companions of a device that is claimed: its driver binds the device, and leaves the group unusable without them. */
function companionRows(input: StrategyInput, { pool, passthrough }: StrategyChoice): BindingRow[] {
  return input.nodes
    .filter((node) => node.pools.includes(pool))
    .flatMap((node) => {
      const bound = input.bound.find((one) => one.passthrough === passthrough && one.node === node.name);
      return (bound?.companions ?? []).map((fact) => factRow(node, fact, `companion of ${passthrough.device}`));
    });
}

function companionRowsForEveryNode({ passthrough }: StrategyChoice, bound: readonly BoundFunctions[]): BindingRow[] {
  return companionAddresses(passthrough).map((address) => {
    const seen = bound.flatMap((b) => b.companions).filter((fact) => fact.address === address);
    const ids = [...new Set(seen.flatMap(({ id }) => (id === undefined ? [] : [id])))].sort(compareText);
    return row({ kind: 'any' }, address, ids, undefined, `companion of ${passthrough.device}`);
  });
}

/** Companions named by id have addresses of their own on each node. */
function companionsById(input: StrategyInput, bound: readonly BoundFunctions[]): BindingRow[] {
  return bound.flatMap((b) => {
    const node = input.nodes.find(({ name }) => name === b.node);
    if (node === undefined || b.passthrough.companions === undefined) return [];
    const byAddress = companionAddresses(b.passthrough);
    return b.companions
      .filter(({ address }) => !byAddress.includes(address))
      .map((fact) => factRow(node, fact, `companion of ${b.passthrough.device}`));
  });
}

function companionAddresses(passthrough: StrategyChoice['passthrough']): BdfAddress[] {
  return (passthrough.companions ?? []).flatMap(({ text }) => {
    const address = parseBdfAddress(text);
    return address.ok ? [address.value] : [];
  });
}

function rowsForNode(
  node: DeclaredNode,
  { passthrough }: StrategyChoice,
  ids: readonly PciId[],
  bound: BoundFunctions | undefined,
): BindingRow[] {
  const seen = bound?.devices ?? [];
  const unseen = (declaredAddressesOn(passthrough, node.name) ?? []).filter(
    (address) => !seen.some((fact) => fact.address === address),
  );
  return [
    ...seen.map((fact) => factRow(node, fact, passthrough.device, ids)),
    ...unseen.map((address) => row(scopeOf(node), address, ids, undefined, passthrough.device)),
    ...(bound?.companions ?? []).map((fact) => factRow(node, fact, `companion of ${passthrough.device}`)),
  ];
}

function factRow(node: DeclaredNode, fact: PciFunction, purpose: string, ids: readonly PciId[] = []): BindingRow {
  return row(scopeOf(node), fact.address, fact.id === undefined ? ids : [fact.id], fact, purpose);
}

function row(
  scope: RowScope,
  address: BdfAddress,
  ids: readonly PciId[],
  fact: PciFunction | undefined,
  purpose: string,
): BindingRow {
  return {
    scope,
    address,
    ids,
    subsystem: fact?.subsystem,
    class: fact?.class,
    serial: fact?.serial,
    companionClasses: [],
    purpose,
  };
}

/**
 * Rows in the order of the table; a function that two declarations bind has one row, because the program refuses a table that
 * names it twice for one node. A row for every node stands for those of single nodes too.
 */
function mergeRows(rows: readonly BindingRow[]): BindingRow[] {
  const everywhere = new Set(rows.filter(({ scope }) => scope.kind === 'any').map(({ address }) => address));
  const byKey = new Map<string, BindingRow>();
  for (const candidate of rows) {
    if (candidate.scope.kind !== 'any' && everywhere.has(candidate.address)) continue;
    const key = `${scopeKey(candidate.scope)} ${candidate.address}`;
    const known = byKey.get(key);
    if (known === undefined || known.purpose.startsWith('companion of ')) byKey.set(key, candidate);
  }
  return [...byKey.values()].sort(
    (a, b) => compareNatural(scopeKey(a.scope), scopeKey(b.scope)) || compareBdfAddress(a.address, b.address),
  );
}
