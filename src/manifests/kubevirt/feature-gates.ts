import type { Analysis, LiveConfiguration } from '../../analysis';
import {
  hyperConvergedGate,
  parseKubeVirtVersion,
  type ConfigurationLayout,
  type KubeVirtRelease,
} from '../../kubevirt';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import type { Place } from '../../source';

/** The gates to write. */
export interface WrittenGates {
  /** Items of the list of gates; without a place the live object's. */
  readonly listed: readonly { readonly entry: JsonValue; readonly place: Place | undefined }[];
  /** Keys to set in the map of gates. */
  readonly switched: readonly { readonly name: string; readonly place: Place | undefined }[];
  /** The fleet's wish not to have mediated devices made by KubeVirt, where that is a field of its own. */
  readonly mediatedOff: Place | undefined;
}

/**
 * For KubeVirt's own object: the gates of the live object in their order, then the fleet's. The list has one owner, so one that
 * held only ours would turn the others off.
 */
export function kubeVirtGates(analysis: Analysis, live: LiveConfiguration | undefined): WrittenGates {
  const kept = liveItems(live).filter((gate): gate is string => typeof gate === 'string');
  const ours = new Set(analysis.featureGates);
  const listed = [...new Set([...kept, ...ours])].map((gate) => ({
    entry: gate,
    place: ours.has(gate) ? placeOfGate(analysis, gate) : undefined,
  }));
  return { listed, switched: [], mediatedOff: undefined };
}

/**
 * For HyperConverged: the switches behind the gates that the fleet needs. Gates that it has on anyway, and those that it has no
 * switch for, are not written; a rule says which of the latter the fleet asks for.
 */
export function hyperConvergedGates(
  analysis: Analysis,
  layout: ConfigurationLayout,
  live: LiveConfiguration | undefined,
): WrittenGates {
  const release = releaseOf(analysis);
  const wanted = new Map<string, Place>();
  let mediatedOff: Place | undefined;
  for (const gate of analysis.featureGates) {
    const way = hyperConvergedGate({ release }, gate);
    const place = placeOfGate(analysis, gate);
    if (way.kind === 'switch') wanted.set(way.name, place);
    if (way.kind !== 'mediated-off') continue;
    // only the later of the two versions has a field for it
    if (layout.gateForm === 'states') mediatedOff = place;
    else wanted.set('disableMDevConfiguration', place);
  }
  if (layout.gateForm !== 'states') {
    return { listed: [], switched: [...wanted].map(([name, place]) => ({ name, place })), mediatedOff };
  }
  return { listed: wanted.size === 0 ? [] : gateStates(wanted, live), switched: [], mediatedOff };
}

/** Ours, then the live ones of other names, compared without their case as HyperConverged does (kubevirt.md fact 124). */
function gateStates(wanted: ReadonlyMap<string, Place>, live: LiveConfiguration | undefined): WrittenGates['listed'] {
  const names = new Set([...wanted.keys()].map((name) => name.toLowerCase()));
  const ours = [...wanted].map(([name, place]) => ({ entry: { name, state: 'Enabled' }, place }));
  const kept = liveStates(live).filter((entry) => !names.has(nameOf(entry).toLowerCase()));
  return [...ours, ...kept.map((entry) => ({ entry, place: undefined }))];
}

function liveStates(live: LiveConfiguration | undefined): JsonObject[] {
  if (live?.layout.gateForm !== 'switches') return liveItems(live).filter((item) => isJsonObject(item));
  const switches = jsonAt(live.object.content, ...live.layout.gates);
  return Object.entries(isJsonObject(switches) ? switches : {}).flatMap(([name, value]) =>
    typeof value === 'boolean' ? [{ name, state: value ? 'Enabled' : 'Disabled' }] : [],
  );
}

function nameOf(entry: JsonObject): string {
  return typeof entry['name'] === 'string' ? entry['name'] : '';
}

function liveItems(live: LiveConfiguration | undefined): readonly JsonValue[] {
  const items = live === undefined ? undefined : jsonAt(live.object.content, ...live.layout.gates);
  return Array.isArray(items) ? (items as readonly JsonValue[]) : [];
}

function placeOfGate({ fleet, mediatedHandlingOff }: Analysis, gate: string): Place {
  const { featureGates, place } = fleet.cluster.kubevirt;
  const declared = featureGates.find(({ name }) => name === gate)?.place;
  if (declared !== undefined) return declared;
  return gate === 'DisableMDEVConfiguration' ? (mediatedHandlingOff?.use.place ?? place) : place;
}

function releaseOf({ fleet }: Analysis): KubeVirtRelease {
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  return version.ok ? version.value.release : '1.9';
}
