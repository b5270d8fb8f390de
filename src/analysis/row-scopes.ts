/*
 * Which nodes a row of a table on a node is for.
 */
import type { NodePool } from '../model';
import type { RowScope } from './effects';
import type { DeclaredNode } from './nodes';
import type { StrategyInput } from './strategies';

/** A list of addresses means every node of its pool; a row without a node means every node of the unit. */
export function isWholeUnit(input: StrategyInput, pool: NodePool): boolean {
  return !input.isInherited && input.undeclaredNodes === 0 && input.nodes.every((node) => node.pools.includes(pool));
}

/** The row's node: by its DMI product UUID, or by its host name where no inventory has that. */
export function scopeOf(node: DeclaredNode): RowScope {
  const uuid = node.inventory?.productUuid;
  if (uuid !== undefined) return { kind: 'uuid', uuid, node: node.name };
  return { kind: 'host', hostName: node.inventory?.hostName ?? node.name, node: node.name };
}

/** Sorts rows for every node before those of single nodes, and those by the node's name. */
export function scopeKey(scope: RowScope): string {
  switch (scope.kind) {
    case 'any':
      return '0';
    case 'uuid':
    case 'host':
      return `1 ${scope.node}`;
  }
}
