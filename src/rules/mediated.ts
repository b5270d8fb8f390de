import { selectorIds, type Analysis, type Resource, type StrategyChoice } from '../analysis';
import type { MediatedDeviceUse, MediatedHostDevice, NodePool, Passthrough } from '../model';

/** A mediated device's resource, with the device known to be one. */
export interface MediatedResource {
  readonly resource: Resource;
  readonly device: MediatedHostDevice;
}

/** The mediated devices of the fleet, in the order of the devices. */
export function mediatedResources(analysis: Analysis): MediatedResource[] {
  return analysis.resources.flatMap((resource) =>
    resource.device.kind === 'mdev' ? [{ resource, device: resource.device }] : [],
  );
}

/** Pools with what they say of mediated devices, where the device is declared as one. */
export function mediatedUses(
  analysis: Analysis,
): { readonly pool: NodePool; readonly use: MediatedDeviceUse; readonly device: MediatedHostDevice }[] {
  return analysis.fleet.nodePools.flatMap((pool) =>
    pool.mediatedDevices.flatMap((use) => {
      const device = analysis.deviceByName.get(use.device);
      return device?.kind === 'mdev' ? [{ pool, use, device }] : [];
    }),
  );
}

/** Mediated devices whose parents are all handed over on some nodes. */
export interface LostParents {
  readonly use: MediatedDeviceUse;
  readonly device: MediatedHostDevice;
  readonly entry: Passthrough;
  readonly nodes: readonly string[];
}

/**
 * For every use of a mediated device: the nodes on which no function is left to make it from, and the entry that hands the last
 * one over. A node without inventory counts where the entry hands over every function with the parent's id.
 */
export function lostParents(analysis: Analysis): LostParents[] {
  const choicesByNode = indexChoices(analysis);
  return mediatedUses(analysis).flatMap(({ pool, use, device }): LostParents[] => {
    const parent = device.parent?.id;
    if (parent === undefined) return [];
    const lost = pool.nodes.flatMap(({ name }) => {
      const entry = lastTaker(analysis, choicesByNode.get(name) ?? [], name, parent);
      return entry === undefined ? [] : [{ name, entry }];
    });
    const [first] = lost;
    return first === undefined ? [] : [{ use, device, entry: first.entry, nodes: lost.map(({ name }) => name) }];
  });
}

function indexChoices({ units }: Analysis): Map<string, StrategyChoice[]> {
  const index = new Map<string, StrategyChoice[]>();
  for (const { nodes, strategies } of units) {
    for (const { name } of nodes) index.set(name, [...(index.get(name) ?? []), ...strategies]);
  }
  return index;
}

function lastTaker(
  analysis: Analysis,
  choices: readonly StrategyChoice[],
  nodeName: string,
  parent: string,
): Passthrough | undefined {
  const node = analysis.nodeByName.get(nodeName);
  if (node === undefined) return undefined;
  const selecting = choices.filter(
    ({ passthrough, pool, strategy }) =>
      (strategy === 'id' || node.pools.includes(pool)) &&
      selectorIds(analysis.deviceByName.get(passthrough.device)).some((id) => id === parent),
  );
  const byId = selecting.find(({ strategy }) => strategy === 'id')?.passthrough;
  if (byId !== undefined) return byId;
  if (node.inventory === undefined) {
    return selecting.find(({ passthrough }) => passthrough.addresses.kind === 'all-matching')?.passthrough;
  }
  const parents = node.functions.filter(({ fact }) => fact.id === parent);
  const takers = parents.map(({ bindings }) => bindings.find(({ role }) => role === 'device')?.passthrough);
  return takers.includes(undefined) ? undefined : takers[0];
}
