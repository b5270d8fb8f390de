/*
 * MachineConfigs that were there before the fleet and whose names it keeps. The machine config daemon compares files as they stand, so
 * the same text in another encoding reboots every node of the pool (node-prep.md facts 12, 15, 32): what such an object does already, as the
 * fleet asks, stays as it is written.
 */
import { parsePciId, type NodePool, type Passthrough, type PciId } from '../model';
import {
  boundAddresses,
  isForNode,
  loadsVfioPci,
  vfioIdSources,
  type BoundAddress,
  type MachineConfig,
  type MachineConfigFile,
} from '../openshift';
import type { CurrentCluster } from './current/current-cluster';
import type { LiveMachineConfigPool } from './current/live-machine-configs';
import type { LiveNode } from './current/live-nodes';
import type { BindingRow } from './effects';

/** The live MachineConfigs whose names the pools of a unit keep, and what they do; empty where none is known. */
export interface AdoptedConfigs {
  readonly kernelArguments: MachineConfig | undefined;
  readonly vfio: MachineConfig | undefined;
  /** The live MachineConfigPool, whose selectors stay: they say which nodes are in it. */
  readonly pool: LiveMachineConfigPool | undefined;
  /** The file with the list of ids that counts. */
  readonly idFile: MachineConfigFile | undefined;
  /** The ids that it gives to vfio-pci. */
  readonly ids: readonly PciId[];
  /** The file that loads vfio-pci at boot. */
  readonly moduleFile: MachineConfigFile | undefined;
  /** The lines of the table of hostdev's own program. */
  readonly rows: readonly BoundAddress[];
  /** What live Nodes say of themselves, by name. */
  readonly nodes: ReadonlyMap<string, LiveNode>;
}

const NONE: AdoptedConfigs = {
  kernelArguments: undefined,
  vfio: undefined,
  pool: undefined,
  idFile: undefined,
  ids: [],
  moduleFile: undefined,
  rows: [],
  nodes: new Map(),
};

/**
 * What a unit adopts: the live objects of the names that `machineConfigNames` states, where their role is the unit's.
 *
 * @param current - undefined on platforms without MachineConfigs, and where the live cluster is not known
 */
export function adoptedConfigs(
  current: CurrentCluster | undefined,
  unitName: string,
  pools: readonly NodePool[],
): AdoptedConfigs {
  if (current === undefined) return NONE;
  const live = (which: 'kernelArguments' | 'vfio'): MachineConfig | undefined => {
    const name = pools.map((pool) => pool.machineConfigNames[which]).find((one) => one !== undefined);
    return name === undefined
      ? undefined
      : current.machineConfigs.find((config) => config.name === name && config.role === unitName);
  };
  const vfio = live('vfio');
  const kernelArguments = live('kernelArguments');
  const pool = current.machineConfigPools.get(unitName);
  if (vfio === undefined) return kernelArguments === undefined ? NONE : { ...NONE, kernelArguments, pool };
  const own = { configs: [vfio] };
  const list = vfioIdSources({ configs: [{ ...vfio, kernelArguments: [] }] }).at(-1);
  return {
    kernelArguments,
    vfio,
    pool,
    idFile: vfio.files.filter(({ path }) => path === list?.path).at(-1),
    ids: list?.ids ?? [],
    moduleFile: vfio.files.find(loadsVfioPci),
    rows: boundAddresses(own),
    nodes: current.nodes,
  };
}

/** Whether an adopted list of ids is the one that the fleet asks for, in whatever order. */
export function keepsIds({ ids }: Pick<AdoptedConfigs, 'ids'>, wanted: readonly PciId[]): boolean {
  const live = new Set(ids);
  return live.size === wanted.length && wanted.every((id) => live.has(id));
}

/** Companions that a declaration names by their ids and the adopted list binds already: they stay in it. */
export function keptCompanionIds({ ids }: AdoptedConfigs, { companions }: Passthrough): PciId[] {
  return (companions ?? []).flatMap(({ text }) => {
    const id = parsePciId(text);
    return id.ok && ids.includes(id.value) ? [id.value] : [];
  });
}

/**
 * Whether an adopted table binds what the fleet asks for, on the same nodes: the live table may say more of a function than the fleet
 * knows, and may name a node by its UUID where the fleet has only its name.
 *
 * @param nodes - the names of the unit's nodes
 */
export function keepsTable(adopted: AdoptedConfigs, wanted: readonly BindingRow[], nodes: readonly string[]): boolean {
  const used = new Set<BoundAddress>();
  for (const row of wanted) {
    const live = adopted.rows.find((one) => one.address === row.address && isScopeOf(adopted, one, row, nodes));
    if (live === undefined || !saysTheSame(live, row)) return false;
    used.add(live);
  }
  return (
    wanted.length > 0 &&
    adopted.rows.every(
      (live) =>
        used.has(live) &&
        (live.scope.kind !== 'any' ||
          nodes.every((node) =>
            wanted.some(
              ({ scope, address }) => address === live.address && (scope.kind === 'any' || scope.node === node),
            ),
          )),
    )
  );
}

function isScopeOf(
  { nodes: liveNodes }: AdoptedConfigs,
  live: BoundAddress,
  { scope }: BindingRow,
  nodes: readonly string[],
): boolean {
  if (live.scope.kind === 'any') return true;
  // a row for every node and a line for one are the same where there is one
  const name = scope.kind === 'any' ? (nodes.length === 1 ? nodes[0] : undefined) : scope.node;
  if (name === undefined) return false;
  return isForNode(live.scope, {
    uuids: [scope.kind === 'uuid' ? scope.uuid : undefined, liveNodes.get(name)?.systemUuid],
    hosts: [name, scope.kind === 'host' ? scope.hostName : undefined],
  });
}

function saysTheSame(live: BoundAddress, row: BindingRow): boolean {
  const same = (text: string | undefined, known: string | undefined): boolean => known === undefined || known === text;
  return (
    live.ids.length > 0 === row.ids.length > 0 &&
    live.ids.every((id) => row.ids.includes(id)) &&
    same(live.subsystem, row.subsystem?.toLowerCase()) &&
    same(live.class, row.class?.toLowerCase()) &&
    // the table spells it with `_` for what is no letter, digit, `.` or `-`
    same(live.serial?.replace(/[^A-Za-z0-9.-]/g, '_'), row.serial?.trim().replace(/[^A-Za-z0-9.-]/g, '_')) &&
    (row.companionClasses.length === 0 || live.takesCompanions)
  );
}
