import { isJsonObject, jsonAt, type JsonObject, type JsonValue, type NumaRequest } from '../../model';
import { choiceOf, isTrue, type PlaceBelow } from './values';

/** The `numa` of a VM; undefined where it asks for nothing. */
export function toNumaRequest(value: unknown, at: PlaceBelow): NumaRequest | undefined {
  if (!isJsonObject(value)) return undefined;
  const request: NumaRequest = {
    kubelet: choiceOf(value['kubelet'], ['restricted', 'single-numa-node']),
    guestMapping: isTrue(value['guestMapping']),
    pcieTopology: isTrue(value['pcieTopology']),
    place: at('numa'),
  };
  return request.kubelet === undefined && !request.guestMapping && !request.pcieTopology ? undefined : request;
}

/**
 * A VM's spec with what its NUMA requests need: dedicated CPUs for each of them, and the guest's mapping, which takes memory on huge pages
 * (kubevirt.md facts 71 and 75). What stands in the spec is kept; what contradicts the request is a finding.
 *
 * @param pageSize - the size of huge pages where the spec has none; undefined: not known, which is a finding too
 * @param instancetype - the spec of the VM's instancetype: what that states is not added
 * @param takesMemory - whether the VM may say something of its memory beside the instancetype
 */
export function withNuma(
  spec: JsonObject,
  request: NumaRequest,
  pageSize: string | undefined,
  instancetype: JsonValue | undefined,
  takesMemory: boolean,
): JsonObject {
  const domain = objectAt(spec, 'domain');
  const cpu = objectAt(domain, 'cpu');
  const memory = objectAt(domain, 'memory');
  const isStated = (...path: readonly string[]): boolean => jsonAt(instancetype, ...path) !== undefined;
  const dedicated = isStated('cpu', 'dedicatedCPUPlacement') ? {} : { dedicatedCpuPlacement: true };
  const mapping =
    request.guestMapping && !isStated('cpu', 'numa')
      ? { numa: { guestMappingPassthrough: {}, ...objectAt(cpu, 'numa') } }
      : {};
  const takesPages = request.guestMapping && pageSize !== undefined && takesMemory && !isStated('memory', 'hugepages');
  const added = { ...dedicated, ...cpu, ...mapping };
  return {
    ...spec,
    domain: {
      ...domain,
      ...(Object.keys(added).length === 0 ? {} : { cpu: added }),
      ...(takesPages ? { memory: { hugepages: { pageSize }, ...memory } } : {}),
    },
  };
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = jsonAt(parent, key);
  return isJsonObject(value) ? value : {};
}
