import { liveNodeLabels } from '../analysis';
import type { Fleet } from '../model';

/** The label that kubelet puts on every node; nearly always the Node's name. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';

/** A node's `kubernetes.io/hostname`: the live Node's where it is known, else its name. */
export function hostnameLabel(fleet: Fleet, node: string): string {
  const label = liveNodeLabels(fleet, node)?.[HOSTNAME_LABEL];
  return typeof label === 'string' ? label : node;
}
