import {
  DEPLOY_AIE_ANNOTATION,
  gateEnabled,
  hyperConvergedGate,
  KUBEVIRT_PATCH_ANNOTATION,
  parseKubeVirtVersion,
  type KubeVirtVersion,
} from '../kubevirt';
import { jsonAt, type Fleet, type JsonValue } from '../model';
import { liveKubeVirt } from './current/current-cluster';
import { liveConfiguration } from './current/live-configuration';

/**
 * Whether a feature gate of KubeVirt's is on once the fleet is applied; undefined where that hangs on what nobody knows.
 *
 * @param written - the gates that the fleet needs
 */
export function gateInForce(fleet: Fleet, written: readonly string[], gate: string): boolean | undefined {
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  if (!version.ok) return written.includes(gate) ? true : undefined;
  if (fleet.cluster.kubevirt.managedBy === 'hyperconverged') {
    return throughHyperConverged(fleet, version.value, written, gate);
  }
  const { listed, disabled } = liveLists(fleet);
  return gateEnabled(version.value, { featureGates: [...listed, ...written], disabledFeatureGates: disabled }, gate);
}

function throughHyperConverged(
  fleet: Fleet,
  version: KubeVirtVersion,
  written: readonly string[],
  gate: string,
): boolean | undefined {
  const way = hyperConvergedGate(version, gate);
  if (way.kind === 'on') return true;
  if ((way.kind === 'switch' || way.kind === 'mediated-off') && written.includes(gate)) return true;
  if (isTurnedOnInHyperConverged(fleet, gate)) return true;
  // what HyperConverged has written already says it all
  if (liveKubeVirt(fleet) !== undefined) {
    const { listed, disabled } = liveLists(fleet);
    return gateEnabled(version, { featureGates: listed, disabledFeatureGates: disabled }, gate);
  }
  return way.kind === 'bundle' || way.kind === 'none' ? false : undefined;
}

/**
 * Whether the live HyperConverged turns on a gate that has no switch: by the annotation that brings the gates for Grace, or by a
 * patch of the KubeVirt object.
 */
export function isTurnedOnInHyperConverged(fleet: Fleet, gate: string): boolean {
  const annotations = jsonAt(liveConfiguration(fleet)?.object.content, 'metadata', 'annotations');
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  const isBundled = version.ok && hyperConvergedGate(version.value, gate).kind === 'bundle';
  if (isBundled && jsonAt(annotations, DEPLOY_AIE_ANNOTATION) === 'true') return true;
  return patchedGates(jsonAt(annotations, KUBEVIRT_PATCH_ANNOTATION)).includes(gate);
}

/** The gates that a JSON patch adds to KubeVirt's list. */
function patchedGates(patch: JsonValue | undefined): string[] {
  let operations: unknown;
  try {
    operations = typeof patch === 'string' ? JSON.parse(patch) : undefined;
  } catch {
    // HyperConverged refuses what is no JSON
    return [];
  }
  if (!Array.isArray(operations)) return [];
  return (operations as readonly JsonValue[]).flatMap((operation) => {
    const path = jsonAt(operation, 'path');
    const value = jsonAt(operation, 'value');
    if (typeof path !== 'string' || !path.includes('/developerConfiguration/featureGates')) return [];
    return (Array.isArray(value) ? value : [value]).filter((gate): gate is string => typeof gate === 'string');
  });
}

function liveLists(fleet: Fleet): { readonly listed: readonly string[]; readonly disabled: readonly string[] } {
  const developer = jsonAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'developerConfiguration');
  const textsAt = (key: string): string[] => {
    const list = jsonAt(developer, key);
    return (Array.isArray(list) ? (list as readonly unknown[]) : []).filter((item) => typeof item === 'string');
  };
  return { listed: textsAt('featureGates'), disabled: textsAt('disabledFeatureGates') };
}
