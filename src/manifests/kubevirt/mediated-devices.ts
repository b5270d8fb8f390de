/*
 * Which mediated devices virt-handler makes where. An entry per node selector: all entries that match a node are merged, and
 * together they replace the cluster-wide list for it (kubevirt.md facts 48 and 49). The cluster-wide list stays what it is:
 * a list of ours there would make these types on every node whose card can.
 */
import { liveNodeTypes, type Analysis, type LiveConfiguration } from '../../analysis';
import { normalisedMdevName } from '../../kubevirt';
import {
  compareText,
  isJsonObject,
  type Fleet,
  type JsonObject,
  type JsonValue,
  type MediatedDeviceUse,
  type NodePool,
} from '../../model';
import type { Place } from '../../source';
import { hostnameLabel } from '../node-labels';

/** One entry of `nodeMediatedDeviceTypes`; without a place it is the live object's, not this fleet's. */
export interface NodeTypes {
  readonly entry: JsonObject;
  readonly place: Place | undefined;
}

/** The entries, ours first; empty where the fleet leaves the making of mediated devices to others. */
export function nodeMediatedDeviceTypes(analysis: Analysis, live: LiveConfiguration | undefined): NodeTypes[] {
  const ours = analysis.fleet.nodePools.flatMap((pool) => entriesOf(analysis, pool));
  if (ours.length === 0) return [];
  const selectors = new Set(ours.map(({ entry }) => selectorKey(entry['nodeSelector'])));
  const foreign = liveNodeTypes(live)
    .filter(({ entry }) => !selectors.has(selectorKey(entry['nodeSelector'])))
    .map(({ entry }) => ({ entry, place: undefined }));
  return [...ours, ...foreign];
}

function entriesOf(analysis: Analysis, pool: NodePool): NodeTypes[] {
  const uses = pool.mediatedDevices.filter(({ createdBy }) => createdBy === 'kubevirt');
  const types = [...new Set(uses.flatMap((use) => typeOf(analysis, use)))];
  const place = uses[0]?.place;
  if (types.length === 0 || place === undefined) return [];
  return nodeSelectors(analysis.fleet, pool).map((nodeSelector) => ({
    entry: { nodeSelector, mediatedDeviceTypes: types },
    place,
  }));
}

/** virt-handler compares ids as they are and names with underscores; it does not change what is written here (fact 51). */
function typeOf({ deviceByName }: Analysis, use: MediatedDeviceUse): string[] {
  const device = deviceByName.get(use.device);
  return device?.kind === 'mdev' ? [device.typeId ?? normalisedMdevName(device.typeName)] : [];
}

/** Labels only, no expressions: a pool without a selector of its own takes an entry for each node. */
function nodeSelectors(fleet: Fleet, pool: NodePool): JsonObject[] {
  if (pool.nodeSelector !== undefined) return [pool.nodeSelector];
  return pool.nodes.map(({ name }) => ({ 'kubernetes.io/hostname': hostnameLabel(fleet, name) }));
}

function selectorKey(selector: JsonValue | undefined): string {
  if (!isJsonObject(selector)) return '';
  const labels = Object.entries(selector).sort(([a], [b]) => compareText(a, b));
  return JSON.stringify(labels);
}
