/*
 * What a unit's kubelets are told. Several may ask for one field: the pools' own `kubelet`, and what VMs need. The first that asks
 * is who decides; what asks for another value is a finding of its own.
 */
import { compareText, type JsonValue, type NodePool } from '../model';
import { placeAt } from '../source';
import type { KubeletSetting } from './effects';

/** The settings that the unit's pools state, field by field in the order of the fields. */
export function declaredKubeletSettings(pools: readonly NodePool[]): KubeletSetting[] {
  return pools.flatMap((pool) =>
    Object.entries(pool.kubelet ?? {})
      .filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
      .sort(([a], [b]) => compareText(a, b))
      .map(([field, value]) => ({
        field,
        value,
        reason: `the fleet states it for pool ${pool.name}`,
        place: placeAt(pool.place, 'kubelet', field),
      })),
  );
}

/** One setting per field: the first that asks for it. */
export function mergeKubeletSettings(settings: readonly KubeletSetting[]): KubeletSetting[] {
  const byField = new Map<string, KubeletSetting>();
  for (const setting of settings) if (!byField.has(setting.field)) byField.set(setting.field, setting);
  return [...byField.values()].sort((a, b) => compareText(a.field, b.field));
}
