/*
 * Instancetypes and preferences of VMs, as far as objects of the cluster show them.
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/instancetype/find/find.go
 */
import { isJsonObject, type CurrentObject, type Fleet, type VirtualMachine } from '../model';

/** The two kinds of references of a VirtualMachine. */
export type ReferenceField = 'instancetype' | 'preference';

const CLUSTER_KINDS: Readonly<Record<ReferenceField, string>> = {
  instancetype: 'VirtualMachineClusterInstancetype',
  preference: 'VirtualMachineClusterPreference',
};
const NAMESPACE_KINDS: Readonly<Record<ReferenceField, string>> = {
  instancetype: 'VirtualMachineInstancetype',
  preference: 'VirtualMachinePreference',
};

/** What a VM's reference names. A reference without kind is to one for the whole cluster. */
export interface MachineReference {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The instancetype or preference that a VM names; undefined: none, or one that KubeVirt infers from a volume. */
export function referenceOf(
  { machine, namespace }: VirtualMachine,
  field: ReferenceField,
): MachineReference | undefined {
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

/** The instancetype of a VM; undefined where it has none, or no object shows it. */
export function instancetypeOf(fleet: Fleet, machine: VirtualMachine): CurrentObject | undefined {
  return referenced(fleet, machine, 'instancetype');
}

/** The preference of a VM; undefined where it has none, or no object shows it. */
export function preferenceOf(fleet: Fleet, machine: VirtualMachine): CurrentObject | undefined {
  return referenced(fleet, machine, 'preference');
}

const BY_FLEET = new WeakMap<Fleet, ReadonlyMap<string, CurrentObject>>();

function referenced(fleet: Fleet, machine: VirtualMachine, field: ReferenceField): CurrentObject | undefined {
  const reference = referenceOf(machine, field);
  return reference && objectsOf(fleet).get(keyOf(reference));
}

/** Objects that fleets read by kind, namespace and name. */
function objectsOf(fleet: Fleet): ReadonlyMap<string, CurrentObject> {
  let known = BY_FLEET.get(fleet);
  if (known === undefined) {
    const kinds = new Set([...Object.values(CLUSTER_KINDS), ...Object.values(NAMESPACE_KINDS)]);
    const found = (fleet.cluster.current ?? []).filter(({ kind }) => kinds.has(kind));
    known = new Map(
      found.map((object) => {
        const isOfCluster = object.kind.startsWith('VirtualMachineCluster');
        const namespace = isOfCluster ? undefined : (object.namespace ?? 'default');
        return [keyOf({ kind: object.kind, namespace, name: object.name }), object];
      }),
    );
    BY_FLEET.set(fleet, known);
  }
  return known;
}

function keyOf({ kind, namespace = '', name }: MachineReference): string {
  return `${kind}/${namespace}/${name}`;
}
