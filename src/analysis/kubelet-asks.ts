/*
 * What VMs ask of the kubelets of the nodes that they may run on. CPUs and devices come from the same NUMA node only where kubelet pins CPUs
 * and its topology manager aligns them (node-prep.md fact F51); where VMs of one unit ask for different policies, the stricter one holds.
 */
import type { Fleet, NodePool, VirtualMachine } from '../model';
import { placeAt } from '../source';
import type { KubeletSetting } from './effects';
import { unitKey } from './preparation-units';

/** From the least to the most that the topology manager refuses. */
export const TOPOLOGY_POLICIES: readonly string[] = ['none', 'best-effort', 'restricted', 'single-numa-node'];

/** What VMs ask for, by the unit whose nodes they may run on. Units whose kubelet a PerformanceProfile sets get nothing. */
export function kubeletAsks(fleet: Fleet): ReadonlyMap<string, readonly KubeletSetting[]> {
  const byUnit = new Map<string, { readonly machine: VirtualMachine; readonly rank: number }>();
  for (const machine of fleet.virtualMachines) {
    const { numa } = machine;
    if (numa?.kubelet === undefined) continue;
    const rank = TOPOLOGY_POLICIES.indexOf(numa.kubelet);
    for (const pool of poolsOf(machine, fleet.nodePools)) {
      if (pool.performanceProfile !== undefined) continue;
      const known = byUnit.get(unitKey(pool));
      if (known === undefined || known.rank < rank) byUnit.set(unitKey(pool), { machine, rank });
    }
  }
  return new Map(Array.from(byUnit, ([key, { machine }]) => [key, settingsFor(machine)]));
}

function settingsFor({ id, numa }: VirtualMachine): KubeletSetting[] {
  if (numa?.kubelet === undefined) return [];
  const reason = `VM ${id} asks for it under \`numa\``;
  const place = placeAt(numa.place, 'kubelet');
  return [
    { field: 'cpuManagerPolicy', value: 'static', reason, place },
    { field: 'topologyManagerPolicy', value: numa.kubelet, reason, place },
  ];
}

/** The pools that a VM names, by itself, by its node, or by devices that they hand over. */
export function poolsOf(
  { pool, node, gpus, hostDevices }: VirtualMachine,
  pools: readonly NodePool[],
): readonly NodePool[] {
  if (pool !== undefined) return pools.filter(({ name }) => name === pool);
  if (node !== undefined) return pools.filter(({ nodes }) => nodes.some(({ name }) => name === node));
  const devices = [...gpus, ...hostDevices].flatMap(({ device }) => device ?? []);
  if (devices.length === 0) return [];
  return pools.filter(({ passthrough, mediatedDevices, usb }) => {
    const named = new Set([...passthrough, ...mediatedDevices, ...usb].map(({ device }) => device));
    return devices.every((device) => named.has(device));
  });
}
