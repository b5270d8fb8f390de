/*
 * Pools and replica sets: what makes like VMs from one template. A selector ties the template's labels to the object; where
 * the user brings none, one fixed label does, since a selector cannot be changed later.
 */
import { copyOf, isJsonObject, type JsonObject, type JsonValue, type VirtualMachine } from '../../model';

/** The label that ties VMs to the pool or replica set of the fleet that makes them. */
const SET_LABEL = 'hostdev.cdk8s.io/machine-set';

/** The `spec` of a VirtualMachine around the spec of its instance. */
export function machineSpec(
  { machine }: VirtualMachine,
  spec: JsonObject,
  templateMetadata: JsonObject | undefined,
): JsonObject {
  const typed = machine['template'];
  const template: Record<string, JsonValue | undefined> = isJsonObject(typed) ? { ...typed, spec } : { spec };
  if (templateMetadata !== undefined) template['metadata'] = templateMetadata;
  const result = copyOf(machine);
  result['template'] = template;
  return result;
}

/**
 * The `spec` of a VirtualMachinePool or VirtualMachineInstanceReplicaSet.
 *
 * KubeVirt compares the selector with the labels of a pool's VirtualMachines, and with those of a replica set's instances.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-api/webhooks/validating-webhook/admitters/vmpool-admitter.go
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-api/webhooks/validating-webhook/admitters/vmirs-admitter.go
 */
export function machineSetSpec(machine: VirtualMachine, spec: JsonObject): JsonObject {
  const { kind, name, replicas, set, templateMetadata = {} } = machine;
  const selector = set?.spec['selector'];
  const labels: JsonObject = selector === undefined ? { [SET_LABEL]: labelValue(name) } : {};
  const head = { ...set?.spec, replicas, selector: selector ?? { matchLabels: labels } };
  const instance = withLabels(templateMetadata, labels);
  if (kind !== 'VirtualMachinePool') return { ...head, template: { ...metadataOf(instance), spec } };
  return {
    ...head,
    virtualMachineTemplate: {
      ...metadataOf(withLabels(set?.machineMetadata ?? {}, labels)),
      spec: machineSpec(machine, spec, Object.keys(instance).length === 0 ? undefined : instance),
    },
  };
}

function withLabels(metadata: JsonObject, labels: JsonObject): JsonObject {
  if (Object.keys(labels).length === 0) return metadata;
  const typed = metadata['labels'];
  return { ...metadata, labels: { ...(isJsonObject(typed) ? typed : {}), ...labels } };
}

function metadataOf(metadata: JsonObject): JsonObject {
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

/** The most that Kubernetes takes as a label's value. */
const LONGEST_LABEL = 63;

/** A name as a label's value: a longer one is cut, with a sum of the whole at its end. */
function labelValue(name: string): string {
  if (name.length <= LONGEST_LABEL) return name;
  let sum = 0;
  for (const character of name) sum = (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0;
  const end = sum.toString(16).padStart(8, '0');
  return `${name.slice(0, LONGEST_LABEL - end.length - 1)}-${end}`;
}
