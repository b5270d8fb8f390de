/*
 * What rules about the specs of VMs have in common: one cause in many VMs is one finding, which shows the first and counts the
 * others.
 */
import type { AnalysedMachine, Analysis } from '../analysis';
import {
  groupBy,
  instanceAnnotations as annotationsOf,
  isJsonObject,
  jsonAt,
  parseQuantity,
  type JsonObject,
  type JsonValue,
} from '../model';
import { parentPointer, placeAt, type Place } from '../source';
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

/** What a rule finds wrong with one VM. */
type Judge = (machine: AnalysedMachine) => Iterable<MachineStatement>;

/** The findings about VMs, of a whole fleet or those that {@link machinesLike} leaves: statements with the same words are one. */
export function* machineFindings(
  { machines }: { readonly machines: readonly AnalysedMachine[] },
  judge: Judge,
): Iterable<FleetFinding> {
  const stated: { readonly machine: AnalysedMachine; readonly statement: MachineStatement }[] = [];
  for (const machine of machines)
    for (const statement of judge(machine)) stated.push({ machine, statement: ofTheMachine(machine, statement) });
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

/** What an instancetype says is wrong with a VM at the place where the VM takes it; the instancetype may be right for others. */
function ofTheMachine({ machine, inherited }: AnalysedMachine, statement: MachineStatement): MachineStatement {
  const { at, label, secondary = [] } = statement;
  const theirs = inherited?.instancetype.place;
  if (theirs?.kind !== 'document' || at.kind !== 'document') return statement;
  if (at.file !== theirs.file || at.document !== theirs.document) return statement;
  return {
    ...statement,
    at: placeAt(machine.place, 'instancetype', 'name'),
    label: 'brings it',
    secondary: [{ at, text: label }, ...secondary],
  };
}

/** The same where what a VM asks for and where it fits decides, so that of VMs that are alike one speaks for all. */
export function shapeFindings(analysis: Analysis, judge: Judge): Iterable<FleetFinding> {
  return machineFindings(
    machinesLike(analysis, (one) => !isEmpty(judge(one))),
    judge,
  );
}

/**
 * The same where the requests of a VM, and what its spec says besides disks, volumes, NICs, networks and placement, decide, so that one
 * VM of each variant speaks for all.
 */
export function variantFindings(analysis: Analysis, judge: Judge): Iterable<FleetFinding> {
  return machineFindings(
    variantsLike(analysis, (one) => !isEmpty(judge(one))),
    judge,
  );
}

/** Those VMs, in the model's order, of whose shape one VM is like this. What is asked may look at nothing but the shape. */
export function machinesLike(
  { machines, machineShapes }: Analysis,
  isLike: (one: AnalysedMachine) => boolean,
): { readonly machines: readonly AnalysedMachine[] } {
  const shapes = new Set(machineShapes.filter(({ machines: [one] }) => one !== undefined && isLike(one)));
  if (shapes.size === 0) return { machines: [] };
  return shapes.size === machineShapes.length
    ? { machines }
    : { machines: machines.filter(({ shape }) => shapes.has(shape)) };
}

/** The same for variants. What is asked may look at nothing but the shape, and the spec without disks, volumes, NICs, networks and placement. */
export function variantsLike(
  { machines, machineVariants }: Analysis,
  isLike: (one: AnalysedMachine) => boolean,
): { readonly machines: readonly AnalysedMachine[] } {
  const variants = new Set(machineVariants.filter(({ machines: [one] }) => one !== undefined && isLike(one)));
  return { machines: variants.size === 0 ? [] : machines.filter(({ variant }) => variants.has(variant)) };
}

/** Those VMs whose spec says anything at a path of at most three keys. */
export function machinesStating(
  analysis: Analysis,
  ...path: readonly [string, string?, string?]
): { readonly machines: readonly AnalysedMachine[] } {
  const keys = path.filter((key) => key !== undefined);
  return machinesLike(analysis, (one) => inSpec(one, ...keys) !== undefined);
}

/**
 * What VMs come to, in the model's order, where what a VM asks for and where it fits decides: VMs that are alike come to the same.
 */
export function shapeCases<Case>(analysis: Analysis, casesOf: (machine: AnalysedMachine) => readonly Case[]): Case[] {
  return machinesLike(analysis, (one) => casesOf(one).length > 0).machines.flatMap(casesOf);
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false;
  return true;
}

/** A value below the VirtualMachineInstance's spec, which an instancetype may have brought. */
export function inSpec({ spec }: AnalysedMachine, ...path: readonly (string | number)[]): JsonValue | undefined {
  return jsonAt(spec, ...path);
}

/** The place of a value below the VirtualMachineInstance's spec; of what is not there, its nearest parent. */
export function specPlace({ machine, inherited }: AnalysedMachine, ...path: readonly (string | number)[]): Place {
  if (inherited !== undefined) {
    for (let length = 1; length <= path.length; length++) {
      const theirs = inherited.origins.get(path.slice(0, length).join('/'));
      if (theirs !== undefined) return placeAt(inherited.instancetype.place, 'spec', ...theirs, ...path.slice(length));
    }
  }
  return placeAt(machine.specPlace, ...path);
}

/** Those VMs whose instances have an annotation. */
export function machinesAnnotated(analysis: Analysis, name: string): { readonly machines: readonly AnalysedMachine[] } {
  return machinesLike(analysis, (one) => Object.hasOwn(instanceAnnotations(one).all, name));
}

/** Whether CPUs and memory come from an instancetype. */
export function hasInstancetype({ machine }: AnalysedMachine): boolean {
  return isJsonObject(machine.machine['instancetype']);
}

/** Whether they come from one that is not known, so that nobody knows them. */
export function hasUnseenInstancetype(one: AnalysedMachine): boolean {
  return one.inherited === undefined && hasInstancetype(one);
}

/** The annotations of the instance that KubeVirt makes, with the place of each. */
export function instanceAnnotations({ machine, inherited }: AnalysedMachine): {
  readonly all: JsonObject;
  readonly placeOf: (name: string) => Place;
} {
  const own = annotationsOf(machine);
  return {
    all: inherited?.annotations ?? own,
    placeOf: (name) =>
      inherited !== undefined && !Object.hasOwn(own, name)
        ? placeAt(inherited.instancetype.place, 'spec', 'annotations', name)
        : placeAt(metadataPlace(machine), 'annotations', name),
  };
}

/** In an object the metadata of an instance stand beside its spec; a fleet has them beside the spec too, by another name. */
function metadataPlace({ kind, place, specPlace: spec, foreign, fromManifest }: AnalysedMachine['machine']): Place {
  if (spec.kind !== 'document') return spec;
  if (foreign !== undefined || fromManifest === true)
    return placeAt({ ...spec, pointer: parentPointer(spec.pointer) }, 'metadata');
  return placeAt(place, kind === 'VirtualMachineInstance' ? 'metadata' : 'templateMetadata');
}

/** A field of the VirtualMachine's own spec, which is two levels above the instance's in its object. */
export function machineFieldPlace({ machine }: AnalysedMachine, field: string): Place {
  const { place, specPlace: spec, foreign } = machine;
  if (spec.kind !== 'document' || foreign === undefined) return placeAt(place, field);
  return placeAt({ ...spec, pointer: spec.pointer.replace(/\/template\/spec$/, '') }, field);
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
