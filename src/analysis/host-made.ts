/*
 * What node preparation makes on a node besides bindings: virtual functions, and vGPUs.
 */
import { compareNatural, compareText, type NodePool } from '../model';
import type { RowScope, VgpusRow, VirtualFunctionsRow } from './effects';
import { isWholeUnit, scopeKey, scopeOf } from './row-scopes';
import type { StrategyInput } from './strategies';

/** What the pools have made on the host itself: for every node of the unit where that is what the pool is, else node by node. */
export function virtualFunctionRows(input: StrategyInput, pools: readonly NodePool[]): VirtualFunctionsRow[] {
  const byKey = new Map<string, VirtualFunctionsRow>();
  for (const pool of pools) {
    for (const { parent, numVfs, createdBy } of pool.sriov) {
      if (createdBy !== 'host' || parent.id === undefined) continue;
      for (const scope of scopesOf(input, pool)) {
        const key = `${scopeKey(scope)} ${parent.id}`;
        // another number for the same card is a finding of its own
        if (!byKey.has(key)) byKey.set(key, { scope, parent: parent.id, count: numVfs });
      }
    }
  }
  return [...byKey.values()].sort(
    (a, b) => compareNatural(scopeKey(a.scope), scopeKey(b.scope)) || compareText(a.parent, b.parent),
  );
}

/** The vGPUs that the pools have made on the host itself; one whose framework nobody knows is a finding of its own. */
export function vgpusRows(input: StrategyInput, pools: readonly NodePool[]): VgpusRow[] {
  const byKey = new Map<string, VgpusRow>();
  for (const pool of pools) {
    for (const use of pool.mediatedDevices) {
      const device = input.deviceByName.get(use.device);
      if (use.createdBy !== 'host' || (device?.kind !== 'mdev' && device?.kind !== 'vgpu')) continue;
      const framework = device.kind === 'mdev' ? 'mdev' : device.framework;
      if (framework === undefined) continue;
      const made: Omit<VgpusRow, 'scope'> = {
        framework,
        parent: device.parent?.id,
        typeId: device.kind === 'mdev' ? device.typeId : undefined,
        typeName: device.typeName,
        count: use.count,
      };
      for (const scope of scopesOf(input, pool)) {
        const key = [scopeKey(scope), framework, made.parent, made.typeId, made.typeName].join(' ');
        if (!byKey.has(key)) byKey.set(key, { scope, ...made });
      }
    }
  }
  return [...byKey.values()].sort((a, b) => compareNatural(scopeKey(a.scope), scopeKey(b.scope)));
}

/** For every node of the unit where that is what the pool is, else node by node. */
function scopesOf(input: StrategyInput, pool: NodePool): RowScope[] {
  return isWholeUnit(input, pool)
    ? [{ kind: 'any' }]
    : input.nodes.filter((node) => node.pools.includes(pool)).map(scopeOf);
}
