/*
 * The mediated devices that virt-handler makes on a node. A card gets one type and all instances of it; where several wanted
 * types fit one card, the type is the outcome of a random order. Entries of `nodeMediatedDeviceTypes` that match a node are
 * merged, and when they name a type they stand for the cluster-wide list.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/mediated_devices_types.go
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/virt-config.go (GetDesiredMDEVTypes)
 */
import { normalisedMdevName } from '../../kubevirt';
import { isJsonObject, type JsonObject, type VgpuType } from '../../model';
import type { AnalysedFunction } from '../analysis';
import { hasLabels, listAt } from '../current/live-objects';
import { VFIO_PCI } from '../drivers';

/** How many of a type a node gets; undefined: left to chance, or not known. */
export type CreatedTypes = ReadonlyMap<string, number | undefined>;

/** Whether any function of a node shows what its driver can make, so that what is missing is known to be missing. */
export function showsMdevTypes(functions: readonly AnalysedFunction[]): boolean {
  return functions.some(({ fact }) => fact.mdevTypes !== undefined);
}

/**
 * The mediated devices that virt-handler makes of a node's cards, by the type's name with underscores.
 *
 * @param wanted - type ids and names with underscores, as virt-handler compares them: nothing is changed in them
 */
export function createdTypes(functions: readonly AnalysedFunction[], wanted: ReadonlySet<string>): CreatedTypes {
  const created = new Map<string, number | undefined>();
  for (const { fact, driver } of functions) {
    // a function that is handed over makes nothing
    if (driver === VFIO_PCI) continue;
    const candidates = (fact.mdevTypes ?? []).filter((type) => isWanted(type, wanted) && type.instances !== 0);
    for (const type of candidates) {
      const name = comparedName(type);
      const so = created.has(name) ? created.get(name) : 0;
      const more = candidates.length === 1 ? type.instances : undefined;
      created.set(name, so === undefined || more === undefined ? undefined : so + more);
    }
  }
  return created;
}

/** A type's name as virt-handler compares it; its id where the driver gives no name. */
export function comparedName({ id, name }: VgpuType): string {
  return normalisedMdevName(name ?? id);
}

function isWanted(type: VgpuType, wanted: ReadonlySet<string>): boolean {
  return wanted.has(type.id) || wanted.has(comparedName(type));
}

/**
 * The types that the live object wants on a node besides the fleet's.
 *
 * @param labels - the node's, as far as they are known
 * @param own - the types that the fleet wants there, by the labels of its entry, which takes the place of a live one with the same
 */
export function wantedTypes(
  live: JsonObject,
  labels: JsonObject,
  own: readonly { readonly nodeSelector: JsonObject; readonly types: readonly string[] }[],
): Set<string> {
  const wanted = new Set(own.flatMap(({ types }) => types));
  const replaced = own.filter(({ types }) => types.length > 0).map(({ nodeSelector }) => nodeSelector);
  for (const entry of listAt(live, 'nodeMediatedDeviceTypes')) {
    const selector = isJsonObject(entry) ? entry['nodeSelector'] : undefined;
    if (!isJsonObject(selector) || !hasLabels(labels, selector)) continue;
    if (replaced.some((one) => hasLabels(one, selector) && hasLabels(selector, one))) continue;
    for (const type of typesIn(entry)) wanted.add(type);
  }
  return wanted.size > 0 ? wanted : new Set(typesIn(live));
}

/** The deprecated spelling is read only where the new list is empty. */
function typesIn(entry: unknown): string[] {
  if (!isJsonObject(entry)) return [];
  const current = listAt(entry, 'mediatedDeviceTypes');
  const types = current.length > 0 ? current : listAt(entry, 'mediatedDevicesTypes');
  return types.filter((type) => typeof type === 'string');
}
