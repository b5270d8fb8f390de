import type { NodePlatform } from '../../model';
import type { DisruptionReason } from './rendered-config';
import type { Pace } from './pace';

/**
 * What happens to nodes: `reboot` and `drain` by the machine config daemon; elsewhere `reinstall` (Ignition and cloud-init read what they
 * are given once), `run-installer` by hand on each node, `apply-config` with Talos's own tool.
 */
export type DisruptionAct = 'reboot' | 'drain' | 'reinstall' | 'run-installer' | 'apply-config';

/** One unit whose nodes are disrupted. */
export interface Disruption {
  readonly unit: string;
  readonly platform: NodePlatform;
  readonly act: DisruptionAct;
  /**
   * `merge`: the change itself does it; `deletion`: what the fleet no longer writes is protected from pruning and stays in force until
   * somebody deletes it, which does it.
   */
  readonly when: 'merge' | 'deletion';
  /** The nodes that the fleet names, natural order. */
  readonly nodes: readonly string[];
  /** All of the unit's nodes; undefined: only those that the fleet names are known. */
  readonly nodeCount: number | undefined;
  readonly pace: Pace;
  /** The MachineConfigPool is paused: nothing moves until its `spec.paused` is false. */
  readonly isPaused: boolean;
  readonly reasons: readonly DisruptionReason[];
  /** The unit that the changed configs are written for, where it is another: custom pools get those of `worker`. */
  readonly inheritedFrom: string | undefined;
  /** What is no longer written and stays, by name. */
  readonly leftBehind: readonly string[];
  /** Nodes that have to be rebooted for it to take effect, and which no controller reboots. */
  readonly needsReboot: boolean;
}

/** How many nodes a disruption reaches, as far as is known. */
export function nodesReached({ nodes, nodeCount }: Pick<Disruption, 'nodes' | 'nodeCount'>): number {
  return Math.max(nodes.length, nodeCount ?? 0);
}
