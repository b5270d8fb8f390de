import { isJsonObject, type CurrentObject, type JsonValue, type Taint } from '../model';
import { listOf } from './live-kubevirt';

/** Whether pods stay away from a node with this taint; virt-handler has the toleration for critical add-ons from KubeVirt itself. */
export function keepsAway({ key, effect }: Taint): boolean {
  return effect !== 'PreferNoSchedule' && key !== 'CriticalAddonsOnly';
}

/** Whether virt-handler runs on nodes with this taint, as the KubeVirt object says. */
export function handlerTolerates(kubevirt: CurrentObject, taint: Taint): boolean {
  return listOf(kubevirt, 'spec', 'workloads', 'nodePlacement', 'tolerations').some((toleration) =>
    tolerates(toleration, taint),
  );
}

/** As the scheduler matches a toleration: no key with `Exists` is any taint, no effect is any effect. */
function tolerates(toleration: JsonValue, { key, value = '', effect }: Taint): boolean {
  if (!isJsonObject(toleration)) return false;
  const { key: tolerated, operator = 'Equal', value: wanted = '', effect: only } = toleration;
  if (only !== undefined && only !== '' && only !== effect) return false;
  if (operator === 'Exists') return tolerated === undefined || tolerated === '' || tolerated === key;
  return tolerated === key && wanted === value;
}
