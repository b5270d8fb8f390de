import { jsonAt, isJsonObject, type CurrentObject, type VirtualMachine, type VirtualMachineKind } from '../../model';
import { placeAt, type DocumentPlace } from '../../source';
import { mapOf } from '../entities/values';
import { requestsInSpec } from '../entities/virtual-machine';
import { labelsAndAnnotations } from '../read-manifest';
import { listAt } from '../../openshift';
import type { FoundObject } from './read-objects';

/** Where a kind keeps the VMs that it makes: the spec of one, and what a VirtualMachine has around its template. */
interface MachineHolder {
  /** What each of them is. */
  readonly kind: VirtualMachineKind;
  /** The VirtualMachineInstance's spec. */
  readonly spec: readonly string[];
  /** Labels and annotations of the instance. */
  readonly metadata: readonly string[];
  /** A VirtualMachine's own spec. */
  readonly machine: readonly string[] | undefined;
}

const HOLDERS: ReadonlyMap<string, MachineHolder> = new Map([
  [
    'VirtualMachine',
    {
      kind: 'VirtualMachine',
      spec: ['spec', 'template', 'spec'],
      metadata: ['spec', 'template', 'metadata'],
      machine: ['spec'],
    },
  ],
  [
    'VirtualMachineInstance',
    { kind: 'VirtualMachineInstance', spec: ['spec'], metadata: ['metadata'], machine: undefined },
  ],
  [
    'VirtualMachineInstanceReplicaSet',
    {
      kind: 'VirtualMachineInstance',
      spec: ['spec', 'template', 'spec'],
      metadata: ['spec', 'template', 'metadata'],
      machine: undefined,
    },
  ],
  [
    'VirtualMachinePool',
    {
      kind: 'VirtualMachine',
      spec: ['spec', 'virtualMachineTemplate', 'spec', 'template', 'spec'],
      metadata: ['spec', 'virtualMachineTemplate', 'spec', 'template', 'metadata'],
      machine: ['spec', 'virtualMachineTemplate', 'spec'],
    },
  ],
]);

/** The kinds that hold VMs. */
export function isMachineKind(kind: string): boolean {
  return HOLDERS.has(kind);
}

/**
 * The VMs among some objects. What another object among them makes is left out: the instance of a VirtualMachine, the VMs of a
 * pool, the instances of a replica set count once, as what people wrote. A patch without a whole spec is no VM.
 */
export function toVirtualMachines(objects: readonly FoundObject[]): VirtualMachine[] {
  const holders = new Set(objects.filter(({ kind }) => HOLDERS.has(kind)).map(identity));
  return objects.flatMap((object) => {
    const holder = HOLDERS.get(object.kind);
    if (holder === undefined || ownersOf(object).some((owner) => holders.has(owner))) return [];
    const machine = toMachine(object, holder);
    return machine === undefined ? [] : [machine];
  });
}

function toMachine(object: FoundObject, holder: MachineHolder): VirtualMachine | undefined {
  const { content, place, name } = object;
  const spec = jsonAt(content, ...holder.spec);
  if (!isJsonObject(spec) || !isJsonObject(spec['domain'])) return undefined;
  const namespace = object.namespace ?? 'default';
  const atSpec = (...path: readonly (string | number)[]): DocumentPlace =>
    placeAt(place, ...holder.spec, ...path) as DocumentPlace;
  const { template: _template, ...machine } = mapOf(
    holder.machine === undefined ? undefined : jsonAt(content, ...holder.machine),
  );
  return {
    id: `${namespace}/${name}`,
    kind: holder.kind,
    namespace,
    name,
    metadata: labelsAndAnnotations(content['metadata']),
    templateMetadata: labelsAndAnnotations(jsonAt(content, ...holder.metadata)),
    node: undefined,
    pool: undefined,
    gpus: requestsInSpec('gpus', spec, atSpec),
    hostDevices: requestsInSpec('hostDevices', spec, atSpec),
    spec,
    machine,
    foreign: object,
    place,
    specPlace: atSpec(),
  };
}

function identity({ kind, namespace, name }: CurrentObject): string {
  return JSON.stringify([kind, namespace ?? 'default', name]);
}

function ownersOf({ content, namespace }: CurrentObject): string[] {
  return listAt(content, 'metadata', 'ownerReferences').map((owner) =>
    JSON.stringify([jsonAt(owner, 'kind') ?? null, namespace ?? 'default', jsonAt(owner, 'name') ?? null]),
  );
}
