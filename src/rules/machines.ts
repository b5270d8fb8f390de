import type { AnalysedMachine, AnalysedNode, AnalysedRequest, Resource } from '../analysis';
import type { Label } from '../diagnostics';
import { placeAt, type Place } from '../source';
import { counted, listed } from './words';

/** How many of a resource one VM asks for, and the entries that do. */
export interface Demand {
  readonly resource: Resource;
  readonly count: number;
  readonly requests: readonly AnalysedRequest[];
}

/** What a VM asks for, resource by resource, in the order of its entries. */
export function demandsOf({ requests }: AnalysedMachine): Demand[] {
  const demands = new Map<Resource, AnalysedRequest[]>();
  for (const request of requests) {
    if (request.resource === undefined) continue;
    demands.set(request.resource, [...(demands.get(request.resource) ?? []), request]);
  }
  return [...demands].map(([resource, of]) => ({ resource, count: of.length, requests: of }));
}

/**
 * Whether the fleet can know where a resource is: it serves it, or a pool says that its nodes hold the device. Of what
 * somebody else serves and no pool mentions it knows nothing.
 */
export function isProvisionKnown({ server, pools }: Resource): boolean {
  return server !== 'other' || pools.length > 0;
}

/** How many of a resource the fleet provides on a node: undefined is not known, 0 is none. */
export function supplyOf(node: AnalysedNode, resource: Resource): number | undefined {
  const advertised = node.advertised.find((one) => one.resource === resource);
  return advertised === undefined ? 0 : advertised.provided;
}

/** Where an entry of `gpus` or `hostDevices` names its device. */
export function requestPlace({ request }: AnalysedRequest): Place {
  return placeAt(request.place, request.device === undefined ? 'deviceName' : 'device');
}

/** Whether a VM's `node` and `pool` are ones that the fleet has; others are findings of their own. */
export function isPlaced(
  { machine }: AnalysedMachine,
  nodes: ReadonlyMap<string, unknown>,
  pools: ReadonlyMap<string, unknown>,
): boolean {
  return (
    (machine.node === undefined || nodes.has(machine.node)) && (machine.pool === undefined || pools.has(machine.pool))
  );
}

/** The note that counts the other VMs with the same trouble; none for a single one. */
export function moreMachines(machines: readonly AnalysedMachine[]): string[] {
  const others = machines.slice(1).map(({ machine }) => machine.id);
  if (others.length === 0) return [];
  return [`the same holds for ${counted(others.length, 'more VM')} (${listed(others)})`];
}

/** Second places for the second and third of some VMs with the same trouble. */
export function moreLabels<Item>(items: readonly Item[], placeOf: (item: Item) => Place, text: string): Label<Place>[] {
  return items.slice(1, 3).map((item) => ({ at: placeOf(item), text }));
}
