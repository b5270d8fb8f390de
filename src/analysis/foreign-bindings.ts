import type { BdfAddress } from '../model';
import { isForNode, type BoundAddress } from '../openshift';
import type { LiveNode } from './current/live-nodes';
import type { DeclaredNode } from './nodes';

const NOTHING: ReadonlySet<BdfAddress> = new Set();

/**
 * What tables of hostdev's program, in live MachineConfigs of others, bind on a node: another fleet's, or what `worker` gets. A function with
 * another id than the table expects is left where it is.
 */
export function boundByTables(
  rows: readonly BoundAddress[],
  { name, inventory, functions }: DeclaredNode,
  live: LiveNode | undefined,
): ReadonlySet<BdfAddress> {
  if (rows.length === 0) return NOTHING;
  const names = { uuids: [live?.systemUuid, inventory?.productUuid], hosts: [name, inventory?.hostName] };
  const own = rows.filter(({ scope }) => isForNode(scope, names));
  const bound = functions.filter(({ fact }) =>
    own.some(
      ({ address, ids }) =>
        address === fact.address && (ids.length === 0 || (fact.id !== undefined && ids.includes(fact.id))),
    ),
  );
  return new Set(bound.map(({ fact }) => fact.address));
}
