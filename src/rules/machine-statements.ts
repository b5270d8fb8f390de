/*
 * What rules about the specs of VMs have in common: one cause in many VMs is one finding, which shows the first and counts the
 * others.
 */
import type { AnalysedMachine, Analysis } from '../analysis';
import { isJsonObject, jsonAt, parseQuantity, type JsonObject, type JsonValue } from '../model';
import { parentPointer, placeAt, type Place } from '../source';
import { groupBy } from './group-by';
import { moreMachines } from './machines';
import type { FleetFinding } from './rule';
import { fitting } from './words';

/** What is wrong with one VM. */
export interface MachineStatement extends Pick<FleetFinding, 'secondary' | 'notes' | 'help' | 'severity'> {
  /** The message about a VM that is named, `VM train-7`, or not, `a VM`. */
  readonly message: (vm: string) => string;
  readonly at: Place;
  /** At most 60 characters. */
  readonly label: string;
}

/** The findings about the VMs of a fleet: statements with the same words are one. */
export function* machineFindings(
  analysis: Analysis,
  judge: (machine: AnalysedMachine) => Iterable<MachineStatement>,
): Iterable<FleetFinding> {
  const stated: { readonly machine: AnalysedMachine; readonly statement: MachineStatement }[] = [];
  for (const machine of analysis.machines) for (const statement of judge(machine)) stated.push({ machine, statement });
  for (const cases of groupBy(stated, ({ statement }) => `${statement.message('')}\n${statement.label}`).values()) {
    const [first] = cases;
    if (first === undefined) continue;
    const { message, at, label, notes = [], ...rest } = first.statement;
    yield {
      ...rest,
      message: fitting(message(`VM ${first.machine.machine.id}`), message('a VM')),
      primary: { at, text: label },
      notes: [...notes, ...moreMachines([...new Set(cases.map(({ machine }) => machine))])],
    };
  }
}

/** A value below the VirtualMachineInstance's spec. */
export function inSpec({ machine }: AnalysedMachine, ...path: readonly (string | number)[]): JsonValue | undefined {
  return jsonAt(machine.spec, ...path);
}

/** The place of a value below the VirtualMachineInstance's spec; of what is not there, its nearest parent. */
export function specPlace({ machine }: AnalysedMachine, ...path: readonly (string | number)[]): Place {
  return placeAt(machine.specPlace, ...path);
}

/** Whether CPUs and memory come from an instancetype, so that the spec does not have them. */
export function hasInstancetype({ machine }: AnalysedMachine): boolean {
  return isJsonObject(machine.machine['instancetype']);
}

/** The annotations of the instance that KubeVirt makes, with the place of each. */
export function instanceAnnotations({ machine }: AnalysedMachine): {
  readonly all: JsonObject;
  readonly placeOf: (name: string) => Place;
} {
  const { kind, metadata, templateMetadata = {}, specPlace: place } = machine;
  const annotations = jsonAt(kind === 'VirtualMachineInstance' ? metadata : templateMetadata, 'annotations');
  return {
    all: isJsonObject(annotations) ? annotations : {},
    // in every kind the metadata of an instance stand beside its spec
    placeOf: (name) =>
      place.kind === 'document'
        ? placeAt({ ...place, pointer: parentPointer(place.pointer) }, 'metadata', 'annotations', name)
        : place,
  };
}

/** An amount in the spec: undefined where there is none, or none that can be read. */
export function quantityIn(machine: AnalysedMachine, ...path: readonly (string | number)[]): number | undefined {
  const value = inSpec(machine, ...path);
  if (value === undefined || value === null) return undefined;
  const quantity = parseQuantity(value);
  return quantity.ok ? quantity.value : undefined;
}

/** The items of a list in the spec; none where there is no list. */
export function itemsIn(machine: AnalysedMachine, ...path: readonly (string | number)[]): readonly JsonValue[] {
  const value = inSpec(machine, ...path);
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
