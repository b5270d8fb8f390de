/*
 * Instancetypes and preferences of VirtualMachines, as far as objects show them.
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/instancetype/find/spec.go
 */
import type { CurrentObject } from './current-object';
import { isJsonObject } from './json';
import type { VirtualMachine } from './virtual-machine';

/** The two references of a VirtualMachine. */
export type InstancetypeField = 'instancetype' | 'preference';

const CLUSTER_KINDS: Readonly<Record<InstancetypeField, string>> = {
  instancetype: 'VirtualMachineClusterInstancetype',
  preference: 'VirtualMachineClusterPreference',
};
const NAMESPACE_KINDS: Readonly<Record<InstancetypeField, string>> = {
  instancetype: 'VirtualMachineInstancetype',
  preference: 'VirtualMachinePreference',
};
const KINDS: ReadonlySet<string> = new Set([...Object.values(CLUSTER_KINDS), ...Object.values(NAMESPACE_KINDS)]);

/** Whether a kind is that of an instancetype or a preference. */
export function isInstancetypeKind(kind: string): boolean {
  return KINDS.has(kind);
}

/** What a VM's reference names. */
interface InstancetypeReference {
  readonly kind: string;
  /** Undefined: for the whole cluster. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * The instancetype or preference that a VM names; undefined: none, or one that KubeVirt infers from a volume. A reference without kind is to
 * one for the whole cluster.
 */
export function instancetypeReference(
  { machine, namespace }: Pick<VirtualMachine, 'machine' | 'namespace'>,
  field: InstancetypeField,
): InstancetypeReference | undefined {
  const reference = machine[field];
  if (!isJsonObject(reference) || typeof reference['name'] !== 'string') return undefined;
  const kind = typeof reference['kind'] === 'string' ? reference['kind'].toLowerCase().replace(/s$/, '') : '';
  const isOfNamespace = kind === NAMESPACE_KINDS[field].toLowerCase();
  return {
    kind: isOfNamespace ? NAMESPACE_KINDS[field] : CLUSTER_KINDS[field],
    namespace: isOfNamespace ? namespace : undefined,
    name: reference['name'],
  };
}

const BY_OBJECTS = new WeakMap<readonly CurrentObject[], ReadonlyMap<string, CurrentObject>>();

/**
 * The instancetype or preference of a VM.
 *
 * @param objects - the instancetypes and preferences that are known
 * @returns undefined where it names none, or none of the objects is the one.
 */
export function instancetypeOf(
  objects: readonly CurrentObject[],
  machine: Pick<VirtualMachine, 'machine' | 'namespace'>,
  field: InstancetypeField = 'instancetype',
): CurrentObject | undefined {
  const reference = objects.length === 0 ? undefined : instancetypeReference(machine, field);
  if (reference === undefined) return undefined;
  let known = BY_OBJECTS.get(objects);
  if (known === undefined) {
    known = new Map(
      objects.map((object) => {
        const isOfCluster = object.kind.startsWith('VirtualMachineCluster');
        return [keyOf({ ...object, namespace: isOfCluster ? undefined : (object.namespace ?? 'default') }), object];
      }),
    );
    BY_OBJECTS.set(objects, known);
  }
  return known.get(keyOf(reference));
}

function keyOf({ kind, namespace = '', name }: InstancetypeReference): string {
  return `${kind}/${namespace}/${name}`;
}
