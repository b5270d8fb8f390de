import { isAtLeast, parseKubeVirtVersion } from '../kubevirt';
import type { DeviceRequest, Fleet } from '../model';
import { isClaimed } from './bindings';
import { MEDIATED_OFF_GATE, mediatedHandlingOff } from './mediated-handling';

/**
 * The gates that the fleet's own VMs need, then those that it asks for. `gpus` needs none, `hostDevices` needs HostDevices in
 * every release so far (kubevirt.md fact 65).
 */
export function neededGates(fleet: Fleet): string[] {
  const gates = new Set<string>();
  const usesHostDevices = fleet.virtualMachines.some(({ hostDevices }) => hostDevices.length > 0);
  if (usesHostDevices || fleet.devices.some(({ kind }) => kind === 'usb')) gates.add('HostDevices');
  for (const gate of claimGates(fleet)) gates.add(gate);
  for (const gate of numaGates(fleet)) gates.add(gate);
  if (mediatedHandlingOff(fleet)?.by === 'gate') gates.add(MEDIATED_OFF_GATE);
  for (const { name } of fleet.cluster.kubevirt.featureGates) gates.add(name);
  return [...gates];
}

/**
 * Every NUMA request dedicates CPUs, which hangs on CPUManager (kubevirt.md fact 73). The gate for devices is new in 1.8; in earlier releases
 * the request is a finding.
 */
function numaGates({ cluster, virtualMachines }: Fleet): string[] {
  const asking = virtualMachines.flatMap(({ numa }) => numa ?? []);
  if (asking.length === 0) return [];
  const version = parseKubeVirtVersion(cluster.kubevirt.version);
  const isKnown = version.ok && isAtLeast(version.value, '1.8');
  return [
    'CPUManager',
    ...(isKnown && asking.some(({ pcieTopology }) => pcieTopology) ? ['PCINUMAAwareTopology'] : []),
  ];
}

/** The gates of claims are on by default from 1.9 on, and off unless they are listed before (kubevirt.md part 0). */
function claimGates({ cluster, devices, virtualMachines }: Fleet): string[] {
  const version = parseKubeVirtVersion(cluster.kubevirt.version);
  if (!version.ok || isAtLeast(version.value, '1.9')) return [];
  const claimed = new Set(devices.filter(isClaimed).map(({ name }) => name));
  const claims = ({ device, options }: DeviceRequest): boolean =>
    (device !== undefined && claimed.has(device)) || options['claimName'] !== undefined;
  return [
    ...(virtualMachines.some(({ gpus }) => gpus.some(claims)) ? ['GPUsWithDRA'] : []),
    ...(virtualMachines.some(({ hostDevices }) => hostDevices.some(claims)) ? ['HostDevicesWithDRA'] : []),
  ];
}
