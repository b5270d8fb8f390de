import { compareNatural } from '../../model';
import type { Baseline, MediatedState } from '../baseline/baseline';
import { machineName } from '../changes/comparisons';
import type { MachineGroup } from './placement';

/** Mediated devices that virt-handler removes, by type. */
export interface MediatedRemoval {
  readonly type: string;
  readonly resource: string | undefined;
  /** Natural order. */
  readonly nodes: readonly string[];
  /** How many there were; undefined: not known. */
  readonly deviceCount: number | undefined;
  /** VMs that ask for the type and may be on these nodes: `namespace/name`, natural order. */
  readonly machines: readonly string[];
}

/**
 * Types that KubeVirt made on a node and makes there no more. With the handling on, virt-handler removes every mediated device whose
 * type is neither listed for its node nor permitted as somebody else's.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/mediated_devices_types.go (removeUndesiredMDEVs)
 */
export function mediatedRemovals(
  before: Baseline,
  after: Baseline,
  groups: readonly MachineGroup[],
): MediatedRemoval[] {
  if (after.cluster.mediatedHandling === 'off' || before.cluster.mediatedHandling === 'off') return [];
  const wanted = wantedTypes(after);
  const external = new Set(
    after.cluster.permitted
      .filter((one) => one.list === 'mediatedDevices' && one.external)
      .flatMap((one) => [one.selector, one.resource]),
  );
  const removals = new Map<string, { resource: string | undefined; counts: Map<string, number | undefined> }>();
  for (const { mediated, nodes } of before.pools)
    for (const state of mediated.filter(isKubeVirts))
      for (const { name, advertises } of nodes) {
        if (wanted.get(name)?.has(state.type) === true) continue;
        if (external.has(state.type) || (state.resource !== undefined && external.has(state.resource))) continue;
        const known = removals.get(state.type) ?? { resource: state.resource, counts: new Map() };
        known.counts.set(name, state.resource === undefined ? undefined : advertises.get(state.resource));
        removals.set(state.type, known);
      }
  return [...removals]
    .map(([type, { resource, counts }]): MediatedRemoval => {
      const nodes = [...counts.keys()].sort(compareNatural);
      const known = [...counts.values()].filter((count) => count !== undefined);
      return {
        type,
        resource,
        nodes,
        deviceCount: known.length === counts.size ? known.reduce((sum, count) => sum + count, 0) : undefined,
        machines: resource === undefined ? [] : usersOf(resource, new Set(nodes), groups),
      };
    })
    .sort((a, b) => compareNatural(a.type, b.type));
}

function isKubeVirts({ createdBy }: MediatedState): boolean {
  return createdBy === 'kubevirt';
}

function wantedTypes({ pools }: Baseline): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { mediated, nodes } of pools)
    for (const { name } of nodes) {
      const types = wanted.get(name) ?? new Set<string>();
      for (const state of mediated.filter(isKubeVirts)) types.add(state.type);
      wanted.set(name, types);
    }
  return wanted;
}

/** The VMs that run, ask for a resource and may be on one of some nodes: `namespace/name`, natural order. */
export function usersOf(
  resource: string,
  nodes: ReadonlySet<string> | undefined,
  groups: readonly MachineGroup[],
): string[] {
  return groups
    .filter(
      (group) =>
        group.runningCount > 0 &&
        group.asks.has(resource) &&
        (nodes === undefined || group.nodes.some((node) => nodes.has(node))),
    )
    .flatMap(({ machines }) => machines.map(machineName))
    .sort(compareNatural);
}
