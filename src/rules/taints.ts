import { tolerates } from '../analysis';
import type { CurrentObject, Taint } from '../model';
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
