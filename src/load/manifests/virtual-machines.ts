import {
  isJsonObject,
  isMachineSet,
  isVirtualMachineKind,
  jsonAt,
  MACHINE_LAYOUTS,
  type CurrentObject,
  type VirtualMachine,
  type VirtualMachineKind,
} from '../../model';
import { placeAt, type DocumentPlace } from '../../source';
import { partsOf } from '../entities/machine-parts';
import { requestsInSpec } from '../entities/virtual-machine';
import { listAt } from '../../openshift';
import { isPatch } from './patches';
import type { FoundObject } from './read-objects';

/**
 * The VMs among some objects. What another object among them makes is left out: the instance of a VirtualMachine, the VMs of a
 * pool, the instances of a replica set count once, as what people wrote. A patch without a whole spec is no VM.
 */
export function toVirtualMachines(objects: readonly FoundObject[]): VirtualMachine[] {
  const holders = new Set(
    objects.filter((object) => isVirtualMachineKind(object.kind) && !isPatch(object)).map(identity),
  );
  return objects.flatMap((object) => {
    const { kind } = object;
    if (!isVirtualMachineKind(kind) || ownersOf(object).some((owner) => holders.has(owner))) return [];
    const machine = toMachine(object, kind);
    return machine === undefined ? [] : [machine];
  });
}

function toMachine(object: FoundObject, kind: VirtualMachineKind): VirtualMachine | undefined {
  const { content, place, name } = object;
  const path = MACHINE_LAYOUTS[kind].spec;
  const spec = jsonAt(content, ...path);
  if (!isJsonObject(spec) || !isJsonObject(spec['domain'])) return undefined;
  const namespace = object.namespace ?? 'default';
  const atSpec = (...below: readonly (string | number)[]): DocumentPlace =>
    placeAt(place, ...path, ...below) as DocumentPlace;
  const { metadata, templateMetadata, machine, replicas, set } = partsOf(kind, content);
  return {
    id: `${namespace}/${name}`,
    kind,
    namespace,
    name,
    metadata,
    templateMetadata,
    node: undefined,
    pool: undefined,
    gpus: requestsInSpec('gpus', spec, atSpec),
    hostDevices: requestsInSpec('hostDevices', spec, atSpec),
    spec,
    machine,
    replicas: isMachineSet(kind) ? (replicas ?? 1) : 1,
    ...(set === undefined ? {} : { set }),
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
