/*
 * An inventory document to the model. Strict: a key that is not known and a value that cannot be used are errors, because
 * what is passed over in silence here is a disk that nobody protects. What can be used is kept all the same, so that one
 * reading finds everything.
 */
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import {
  compareBdfAddress,
  isJsonObject,
  repairedBdfAddress,
  type BdfAddress,
  type HostUse,
  type JsonObject,
  type NodeInventory,
  type PciFunction,
} from '../model';
import { placeAt, type DocumentPlace, type Place, type SourceFile } from '../source';
import { rawScalar, readYaml, singleDocument } from '../yaml';
import { DocumentFields } from './document-fields';
import * as form from './inventory-document';
import { DUPLICATE_FUNCTION, NOT_AN_INVENTORY } from './problems';
import { shown } from './wording';

/** An inventory, as far as it could be read, and what is wrong with its document. */
export interface LoadedInventory {
  /** Undefined when the document is no inventory or names no node. */
  readonly inventory: NodeInventory | undefined;
  readonly problems: readonly PlacedDiagnostic[];
}

/** The most virtual functions that the 16 bits of the SR-IOV capability can count. */
const MOST_VFS = 0xffff;

/** Reads the text of one inventory file, `inventory/node01.yaml`. Never throws. */
export function loadInventory(source: SourceFile): LoadedInventory {
  const text = readYaml(source);
  const { document, problem } = singleDocument(source, text);
  if (document === undefined) {
    return { inventory: undefined, problems: problem === undefined ? text.problems : [...text.problems, problem] };
  }
  const loaded = toNodeInventory(document.value, rootOf(source.path, document.index), (place) => {
    return rawScalar(source, place.document, place.pointer)?.text;
  });
  return { ...loaded, problems: [...text.problems, ...loaded.problems] };
}

/**
 * Reshapes the value of an inventory document.
 *
 * @param place - the whole document
 * @param rawText - a scalar as it was typed; asked only for values that cannot be used
 */
export function toNodeInventory(
  value: unknown,
  place: DocumentPlace,
  rawText: (place: DocumentPlace) => string | undefined = () => undefined,
): LoadedInventory {
  const stranger = notAnInventory(value, place);
  if (stranger !== undefined) return { inventory: undefined, problems: [stranger] };
  const fields = new DocumentFields(rawText);
  const root = fields.map(value, place, form.ROOT_KEYS) ?? {};
  const metadata = fields.requiredMap(root, place, 'metadata', form.METADATA_KEYS);
  const node = metadata && fields.requiredText(metadata, placeAt(place, 'metadata'), 'name', form.NODE_NAME);
  const stated = fields.requiredMap(root, place, 'spec', form.SPEC_KEYS);
  const spec = stated ?? {};
  const specPlace = placeAt(place, 'spec');
  const facts = {
    productUuid: fields.text(spec, specPlace, 'productUuid', form.UUID),
    hostName: fields.text(spec, specPlace, 'hostName', form.WORDS),
    cpuVendor: fields.text(spec, specPlace, 'cpuVendor', form.CPU_VENDOR),
    architecture: fields.text(spec, specPlace, 'architecture', form.WORDS),
    kernelRelease: fields.text(spec, specPlace, 'kernelRelease', form.WORDS),
    functions: stated === undefined ? [] : toFunctions(fields, stated, specPlace),
  };
  return { inventory: node === undefined ? undefined : { node, place, ...facts }, problems: fields.problems };
}

function notAnInventory(value: unknown, place: DocumentPlace): PlacedDiagnostic | undefined {
  const apiVersion = isJsonObject(value) && Object.hasOwn(value, 'apiVersion') ? value['apiVersion'] : undefined;
  const kind = isJsonObject(value) && Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
  if (apiVersion === form.INVENTORY_API_VERSION && kind === form.INVENTORY_KIND) return undefined;
  const isOtherKind = kind !== form.INVENTORY_KIND;
  const found = isOtherKind ? kind : apiVersion;
  const key = isOtherKind ? 'kind' : 'apiVersion';
  const wanted = isOtherKind ? form.INVENTORY_KIND : form.INVENTORY_API_VERSION;
  const seen = typeof found === 'string' ? shown(found) : undefined;
  return stamp(NOT_AN_INVENTORY, {
    message: seen === undefined ? `the document has no \`${key}: ${wanted}\`` : `\`${key}\` is ${seen}, not ${wanted}`,
    primary: { at: seen === undefined ? place : placeAt(place, key), text: `expected \`${key}: ${wanted}\`` },
  });
}

function toFunctions(fields: DocumentFields, spec: JsonObject, place: Place): readonly PciFunction[] {
  const functions: PciFunction[] = [];
  const firstByAddress = new Map<BdfAddress, Place>();
  (fields.requiredList(spec, place, 'functions') ?? []).forEach((entry, i) => {
    const at = placeAt(place, 'functions', i);
    const fact = toFunction(fields, entry, at);
    if (fact === undefined) return;
    const first = firstByAddress.get(fact.address);
    if (first === undefined) {
      firstByAddress.set(fact.address, at);
      functions.push(fact);
      return;
    }
    fields.problems.push(
      stamp(DUPLICATE_FUNCTION, {
        message: `${fact.address} has two entries`,
        primary: { at: placeAt(at, 'address'), text: 'second entry' },
        secondary: [{ at: placeAt(first, 'address'), text: 'first entry' }],
      }),
    );
  });
  return functions.sort((a, b) => compareBdfAddress(a.address, b.address));
}

function toFunction(fields: DocumentFields, entry: unknown, place: Place): PciFunction | undefined {
  const map = fields.map(entry, place, form.FUNCTION_KEYS);
  if (map === undefined) return undefined;
  const read = fields.requiredText(map, place, 'address', form.ADDRESS);
  // an address that is almost right has been reported, and stands for its function all the same
  const typed = map['address'];
  const address = read ?? (typeof typed === 'string' ? repairedBdfAddress(typed) : undefined);
  const facts = {
    class: fields.text(map, place, 'class', form.CLASS),
    id: fields.text(map, place, 'id', form.ID),
    subsystem: fields.text(map, place, 'subsystem', form.ID),
    revision: fields.text(map, place, 'revision', form.REVISION),
    name: fields.text(map, place, 'name', form.WORDS),
    serial: fields.text(map, place, 'serial', form.WORDS),
    driver: isKnownNone(map, 'driver') ? null : fields.text(map, place, 'driver', form.WORDS),
    iommuGroup: isKnownNone(map, 'iommuGroup')
      ? null
      : fields.integer(map, place, 'iommuGroup', 0, Number.MAX_SAFE_INTEGER),
    numaNode: fields.integer(map, place, 'numaNode', -1, Number.MAX_SAFE_INTEGER),
    totalVfs: fields.integer(map, place, 'totalVfs', 0, MOST_VFS),
    numVfs: fields.integer(map, place, 'numVfs', 0, MOST_VFS),
    physicalFunction: fields.text(map, place, 'physicalFunction', form.ADDRESS),
    bootVga: fields.flag(map, place, 'bootVga'),
    hostUse: toHostUse(fields, map, place),
  };
  return address === undefined ? undefined : { address, ...facts, place };
}

function toHostUse(fields: DocumentFields, map: JsonObject, place: Place): readonly HostUse[] | undefined {
  return fields.list(map, place, 'hostUse')?.map((entry, i) => {
    const at = placeAt(place, 'hostUse', i);
    const use = fields.map(entry, at, form.HOST_USE_KEYS);
    const kind = use && fields.requiredText(use, at, 'kind', form.HOST_USE_KIND);
    const reason = use && fields.requiredText(use, at, 'reason', form.WORDS);
    // an entry that cannot be used in full still says that the host uses the device
    return { kind: kind ?? 'other', reason: reason ?? '', place: at };
  });
}

function isKnownNone(map: JsonObject, key: string): boolean {
  return Object.hasOwn(map, key) && map[key] === form.KNOWN_NONE;
}

function rootOf(file: string, document: number): DocumentPlace {
  return { kind: 'document', file, document, pointer: '', part: 'value' };
}
