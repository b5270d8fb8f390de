/*
 * An inventory document to the model. Strict: a key that is not known and a value that cannot be used are errors, because
 * what is passed over in silence here is a disk that nobody protects. What can be used is kept all the same, so that one
 * reading finds everything.
 */
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import {
  compareBdfAddress,
  isJsonObject,
  type BdfAddress,
  type JsonObject,
  type NodeInventory,
  type PciFunction,
} from '../model';
import { placeAt, type DocumentPlace, type Place, type SourceFile } from '../source';
import { rawScalar, readYaml, singleDocument } from '../yaml';
import { DocumentFields } from './document-fields';
import * as form from './inventory-document';
import { toFunction } from './load-function';
import { toNumaNode, toUsbDevice } from './load-machine';
import { DUPLICATE_FUNCTION, NOT_AN_INVENTORY } from './problems';
import { shown } from './wording';

/** An inventory, as far as it could be read, and what is wrong with its document. */
export interface LoadedInventory {
  /** Undefined when the document is no inventory or names no node. */
  readonly inventory: NodeInventory | undefined;
  readonly problems: readonly PlacedDiagnostic[];
}

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
    kernelArguments: fields.texts(spec, specPlace, 'kernelArguments', form.WORDS),
    iommuEnabled: fields.flag(spec, specPlace, 'iommuEnabled'),
    vfioPciBuiltIn: fields.flag(spec, specPlace, 'vfioPciBuiltIn'),
    vfioDeviceCdev: fields.flag(spec, specPlace, 'vfioDeviceCdev'),
    numaNodes: fields.maps(spec, specPlace, 'numaNodes', form.NUMA_NODE_KEYS, (map, at) => toNumaNode(fields, map, at)),
    functions: stated === undefined ? [] : toFunctions(fields, stated, specPlace),
    usbDevices: fields.maps(spec, specPlace, 'usbDevices', form.USB_DEVICE_KEYS, (map, at) =>
      toUsbDevice(fields, map, at),
    ),
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

function rootOf(file: string, document: number): DocumentPlace {
  return { kind: 'document', file, document, pointer: '', part: 'value' };
}
