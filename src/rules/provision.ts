/*
 * Whether a VM's lack of a device is news: what is said at the pool that was to provide it, or at a name that nobody declares, is
 * not said again at the VM.
 */
import type { AnalysedMachine, Analysis } from '../analysis';
import type { Device, NodePool } from '../model';
import type { Demand } from './machines';

/** Names of devices that pools and VMs use and nobody declares. */
export function unknownReferences({ fleet, machineShapes, deviceByName }: Analysis): string[] {
  const named = fleet.nodePools.flatMap(({ passthrough, mediatedDevices, usb }) =>
    [...passthrough, ...mediatedDevices, ...usb].map(({ device }) => device),
  );
  const asked = machineShapes.flatMap(({ machines: [one] }) =>
    (one?.requests ?? []).flatMap(({ request: { device } }) => device ?? []),
  );
  return [...new Set([...named, ...asked])].filter((name) => !deviceByName.has(name));
}

/**
 * Whether nothing but the VM itself explains that it does not get a device. Else one of these does, each a finding where it is: a pool
 * that is to provide the device and does so on none of its nodes, or has no nodes; a pool that names in its place what is no such
 * device; another entry of the same name in the VM.
 */
export function hasNoOtherCause(analysis: Analysis, machine: AnalysedMachine, demand: Demand): boolean {
  const { resource, requests, count } = demand;
  if (resource.pools.length === 0)
    return !analysis.fleet.nodePools.some((pool) => misnames(analysis, pool, resource.device));
  const reachable = resource.pools.filter((pool) => isReachable(machine, pool));
  const names = new Set(requests.map(({ list, request: { name } }) => `${list} ${name}`));
  if (
    names.size < count &&
    machine.candidates.some((node) =>
      node.advertised.some(({ resource: one, provided }) => one === resource && (provided ?? count) >= names.size),
    )
  )
    return false;
  return !reachable.some((pool) =>
    pool.nodes.every(({ name }) => {
      const advertised = analysis.nodeByName.get(name)?.advertised ?? [];
      return advertised.every((one) => one.resource !== resource || one.provided === 0);
    }),
  );
}

function isReachable({ machine, candidates }: AnalysedMachine, pool: NodePool): boolean {
  if (pool.nodes.length > 0) return candidates.some((node) => node.pools.includes(pool));
  return machine.node === undefined && (machine.pool === undefined || machine.pool === pool.name);
}

/** Whether a pool's list for this kind of device has an entry that is none of that kind: it may have meant this one. */
function misnames(
  { deviceByName }: Analysis,
  { passthrough, mediatedDevices, usb }: NodePool,
  { kind }: Device,
): boolean {
  const uses = kind === 'pci' ? passthrough : kind === 'usb' ? usb : mediatedDevices;
  const lists: Readonly<Record<Device['kind'], unknown>> = {
    pci: passthrough,
    mdev: mediatedDevices,
    vgpu: mediatedDevices,
    usb,
  };
  return uses.some(({ device }) => {
    const named = deviceByName.get(device);
    return named === undefined || lists[named.kind] !== uses;
  });
}
