/*
 * Whether the fleet turns virt-handler's handling of mediated devices off. Left on, it removes what others make, a minute or two after
 * they made it (kubevirt.md fact 54). Off, it makes nothing either, so it stays on where anybody wants something of it.
 */
import { isAtLeast, parseKubeVirtVersion } from '../kubevirt';
import type { Fleet, JsonObject } from '../model';
import type { MediatedHandlingOff } from './analysis';
import { liveMediatedSettings } from './current/live-configuration';
import { listAt } from './current/live-objects';

/** The gate that turns the handling off through KubeVirt 1.7, and goes on doing so. */
export const MEDIATED_OFF_GATE = 'DisableMDEVConfiguration';

/**
 * Undefined where the handling stays as it is: nobody else makes what KubeVirt serves, somebody wants KubeVirt to make some, or
 * people have turned it on or off themselves.
 */
export function mediatedHandlingOff(fleet: Fleet): MediatedHandlingOff | undefined {
  const { kubevirt } = fleet.cluster;
  if (fleet.origin !== 'declared' || kubevirt.featureGates.some(({ name }) => name === MEDIATED_OFF_GATE))
    return undefined;
  const settings = liveMediatedSettings(fleet);
  if (settings !== undefined && (settings['enabled'] !== undefined || wantsTypes(settings))) return undefined;
  const deviceByName = new Map(fleet.devices.map((device) => [device.name, device]));
  const uses = fleet.nodePools.flatMap(({ mediatedDevices }) =>
    mediatedDevices.flatMap((use) => {
      const device = deviceByName.get(use.device);
      return device?.kind === 'mdev' ? [{ use, device }] : [];
    }),
  );
  if (uses.some(({ use }) => use.createdBy === 'kubevirt')) return undefined;
  // types that a permitted entry marks as external are left alone
  const foreign = uses.find(({ device }) => !device.externalResourceProvider);
  if (foreign === undefined) return undefined;
  const version = parseKubeVirtVersion(kubevirt.version);
  const hasField = kubevirt.managedBy === 'kubevirt' && version.ok && isAtLeast(version.value, '1.8');
  return { by: hasField ? 'field' : 'gate', use: foreign.use };
}

function wantsTypes(settings: JsonObject): boolean {
  return ['mediatedDeviceTypes', 'mediatedDevicesTypes', 'nodeMediatedDeviceTypes'].some(
    (list) => listAt(settings, list).length > 0,
  );
}
