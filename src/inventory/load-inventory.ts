/*
 * An inventory document to the model. Strict: a key that is not known and a value that cannot be used are errors, because
 * what is passed over in silence here is a disk that nobody protects. What can be used is kept all the same, so that one
 * reading finds everything.
 */
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import {
  compareBdfAddress,
  isJsonObject,
  type HardwareFacts,
  type JsonObject,
  type NodeHardware,
  type NodeInventory,
} from '../model';
import { placeAt, type Place, type SourceFile } from '../source';
import type { DocumentFields } from './document-fields';
import { applyDifferences } from './hardware/apply-differences';
import * as form from './inventory-document';
import { onePerAddress, toFunction, toFunctionDifference } from './load-function';
import { toMachine } from './load-machine';
import { openDocument } from './open-document';
import { NOT_AN_INVENTORY, NOT_HARDWARE, UNKNOWN_HARDWARE } from './problems';
import { shown } from './wording';

/** An inventory, as far as it could be read, and what is wrong with its document. */
export interface LoadedInventory {
  /** Undefined when the document is no inventory, names no node, or names a hardware that cannot be read. */
  readonly inventory: NodeInventory | undefined;
  readonly problems: readonly PlacedDiagnostic[];
}

/** Shared hardware by name; `unreadable` where what is wrong with it has been said, undefined where there is none. */
export type HardwareByName = (name: string) => NodeHardware | 'unreadable' | undefined;

/**
 * Reads the text of one inventory file, `inventory/node01.yaml`, and completes it from the hardware that it names. Never throws.
 *
 * @param hardwareByName - asked once at most
 */
export function loadInventory(source: SourceFile, hardwareByName: HardwareByName = () => undefined): LoadedInventory {
  const expected = { kind: form.INVENTORY_KIND, stranger: NOT_AN_INVENTORY };
  const { value: inventory, problems } = openDocument(source, expected, (fields, root, place) => {
    const metadata = fields.requiredMap(root, place, 'metadata', form.METADATA_KEYS);
    const node = metadata && fields.requiredText(metadata, placeAt(place, 'metadata'), 'name', form.NODE_NAME);
    const shares = namesHardware(root);
    const keys = shares ? form.DIFFERENCE_SPEC_KEYS : form.SPEC_KEYS;
    const spec = fields.requiredMap(root, place, 'spec', keys);
    const facts = shares
      ? fromHardware(fields, spec ?? {}, placeAt(place, 'spec'), hardwareByName)
      : ofItself(fields, spec, placeAt(place, 'spec'));
    return node === undefined || facts === undefined ? undefined : { node, place, ...facts };
  });
  return { inventory, problems };
}

/** Reads the text of a file that identical machines share, `inventory/hardware/r750-t4.yaml`. Never throws. */
export function loadHardware(source: SourceFile): {
  readonly hardware: NodeHardware | undefined;
  readonly problems: readonly PlacedDiagnostic[];
} {
  const expected = { kind: form.HARDWARE_KIND, stranger: NOT_HARDWARE };
  const { value: hardware, problems } = openDocument(source, expected, (fields, root, place) => {
    const metadata = fields.requiredMap(root, place, 'metadata', form.METADATA_KEYS);
    const name = metadata && fields.requiredText(metadata, placeAt(place, 'metadata'), 'name', form.HARDWARE_NAME);
    const spec = fields.requiredMap(root, place, 'spec', form.HARDWARE_SPEC_KEYS);
    const facts = ofItself(fields, spec, placeAt(place, 'spec'), form.SHARED_FUNCTION_KEYS);
    return name === undefined ? undefined : { name, place, ...facts };
  });
  return { hardware, problems };
}

type Facts = Omit<NodeInventory, 'node' | 'place'>;

/** A file that holds everything. */
function ofItself(
  fields: DocumentFields,
  stated: JsonObject | undefined,
  place: Place,
  keys: readonly string[] = form.FUNCTION_KEYS,
): Facts {
  const spec = stated ?? {};
  const entries = stated === undefined ? undefined : fields.requiredList(stated, place, 'functions');
  const functions = (entries ?? []).flatMap((entry, i) => {
    return toFunction(fields, entry, placeAt(place, 'functions', i), keys) ?? [];
  });
  return {
    ...toMachine(fields, spec, place),
    functions: onePerAddress(fields, functions, (fact) => fact).sort((a, b) => compareBdfAddress(a.address, b.address)),
  };
}

/** A file that holds what differs from shared hardware; undefined where that cannot be had, which has been reported. */
function fromHardware(
  fields: DocumentFields,
  spec: JsonObject,
  place: Place,
  hardwareByName: HardwareByName,
): Facts | undefined {
  const facts = toMachine(fields, spec, place);
  const name = fields.text(spec, place, 'hardware', form.HARDWARE_NAME);
  const unknown = fields.texts(spec, place, 'unknown', form.SHARED_FACT) ?? [];
  const entries = fields.list(spec, place, 'functions') ?? [];
  const differences = entries.flatMap((entry, i) => {
    return toFunctionDifference(fields, entry, placeAt(place, 'functions', i)) ?? [];
  });
  const functions = onePerAddress(fields, differences, ({ fact }) => fact);
  const hardware = name === undefined ? 'unreadable' : hardwareByName(name);
  if (hardware === undefined) fields.problems.push(unknownHardware(name ?? '', place));
  if (hardware === undefined || hardware === 'unreadable') return undefined;
  const applied = applyDifferences(hardware, { facts, unknown, functions });
  fields.problems.push(...applied.problems);
  const ownFacts = new Set<keyof HardwareFacts>(
    form.SHARED_FACT_KEYS.filter((key) => facts[key] !== undefined || unknown.includes(key)),
  );
  return {
    ...applied.machine,
    functions: applied.functions,
    hardware: { name: hardware.name, place: hardware.place, ownFacts },
  };
}

function namesHardware(root: JsonObject): boolean {
  const spec = Object.hasOwn(root, 'spec') ? root['spec'] : undefined;
  return isJsonObject(spec) && Object.hasOwn(spec, 'hardware');
}

function unknownHardware(name: string, spec: Place): PlacedDiagnostic {
  return stamp(UNKNOWN_HARDWARE, {
    message: `there is no hardware ${shown(name)}`,
    primary: { at: placeAt(spec, 'hardware'), text: `no file ${form.HARDWARE_FOLDER}/${shown(name, 20)}.yaml` },
    notes: ['shared hardware lies in the folder `hardware` beside the inventories'],
    help: ['correct the name, or import the node anew without its old file'],
  });
}
