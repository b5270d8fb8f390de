import { isJsonObject, jsonAt, type JsonObject, type NumaRequest } from '../../model';
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
 */
export function withNuma(spec: JsonObject, request: NumaRequest, pageSize: string | undefined): JsonObject {
  const domain = objectAt(spec, 'domain');
  const cpu = objectAt(domain, 'cpu');
  const numa = objectAt(cpu, 'numa');
  const memory = objectAt(domain, 'memory');
  const mapping = request.guestMapping ? { numa: { guestMappingPassthrough: {}, ...numa } } : {};
  const takesPages = request.guestMapping && pageSize !== undefined && memory['hugepages'] === undefined;
  return {
    ...spec,
    domain: {
      ...domain,
      cpu: { dedicatedCpuPlacement: true, ...cpu, ...mapping },
      ...(takesPages ? { memory: { ...memory, hugepages: { pageSize } } } : {}),
    },
  };
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = jsonAt(parent, key);
  return isJsonObject(value) ? value : {};
}
