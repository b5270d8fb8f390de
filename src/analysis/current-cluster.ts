import { isJsonObject, jsonAt, type CurrentObject, type Fleet, type JsonObject } from '../model';

/** The live KubeVirt object that the fleet patches, or undefined when it is not known. */
export function liveKubeVirt(fleet: Fleet): CurrentObject | undefined {
  const { name, namespace } = fleet.cluster.kubevirt;
  return fleet.cluster.current?.find(
    (object) => object.kind === 'KubeVirt' && object.name === name && object.namespace === namespace,
  );
}

/** The labels of a live Node, or undefined when the node is not known. */
export function liveNodeLabels(fleet: Fleet, node: string): JsonObject | undefined {
  const object = fleet.cluster.current?.find((candidate) => candidate.kind === 'Node' && candidate.name === node);
  const labels = jsonAt(object?.content, 'metadata', 'labels');
  return isJsonObject(labels) ? labels : undefined;
}

/**
 * How many nodes a live MachineConfigPool has, from its own status, or else from the live Nodes that carry its role label;
 * undefined when neither is known.
 *
 * @see https://github.com/openshift/api/blob/release-4.20/machineconfiguration/v1/types.go (MachineConfigPoolStatus)
 */
export function liveMachineCount(fleet: Fleet, machineConfigPool: string): number | undefined {
  const objects = fleet.cluster.current ?? [];
  const pool = objects.find((object) => object.kind === 'MachineConfigPool' && object.name === machineConfigPool);
  const counted = jsonAt(pool?.content, 'status', 'machineCount');
  if (typeof counted === 'number') return counted;
  const nodes = objects.filter((object) => object.kind === 'Node');
  if (nodes.length === 0) return undefined;
  return nodes.filter((node) => {
    const labels = jsonAt(node.content, 'metadata', 'labels');
    return isJsonObject(labels) && Object.hasOwn(labels, `node-role.kubernetes.io/${machineConfigPool}`);
  }).length;
}
