/* The entries of `functions` in an inventory document to the model. */
import { stamp } from '../diagnostics';
import {
  type BdfAddress,
  repairedBdfAddress,
  type HostUse,
  type JsonObject,
  type PciFunction,
  type ReservedRegion,
  type VgpuType,
} from '../model';
import { placeAt, type Place } from '../source';
import type { DocumentFields } from './document-fields';
import type { FunctionDifference } from './hardware/apply-differences';
import * as form from './inventory-document';
import { DUPLICATE_FUNCTION } from './problems';

/** The most virtual functions that the 16 bits of the SR-IOV capability can count. */
const MOST_VFS = 0xffff;

/** Reads one function; undefined when it has no address that can be understood. */
export function toFunction(
  fields: DocumentFields,
  entry: unknown,
  place: Place,
  keys: readonly string[],
): PciFunction | undefined {
  const map = fields.map(entry, place, keys);
  return map === undefined ? undefined : functionOf(fields, map, place);
}

/** Reads what one node states of one address besides what its hardware says; undefined when there is no such address. */
export function toFunctionDifference(
  fields: DocumentFields,
  entry: unknown,
  place: Place,
): FunctionDifference | undefined {
  const map = fields.map(entry, place, form.DIFFERENCE_KEYS);
  const fact = map && functionOf(fields, map, place);
  if (map === undefined || fact === undefined) return undefined;
  return {
    fact,
    isAdded: fields.flag(map, place, 'added') === true,
    isRemoved: fields.flag(map, place, 'removed') === true,
    unknown: fields.texts(map, place, 'unknown', form.DIFFERING_KEY) ?? [],
  };
}

/** The first of those that have one address; the others are reported. */
export function onePerAddress<T>(fields: DocumentFields, items: readonly T[], factOf: (item: T) => PciFunction): T[] {
  const firstByAddress = new Map<BdfAddress, Place>();
  return items.filter((item) => {
    const { address, place } = factOf(item);
    const first = firstByAddress.get(address);
    if (first === undefined) {
      firstByAddress.set(address, place);
      return true;
    }
    fields.problems.push(
      stamp(DUPLICATE_FUNCTION, {
        message: `${address} has two entries`,
        primary: { at: placeAt(place, 'address'), text: 'second entry' },
        secondary: [{ at: placeAt(first, 'address'), text: 'first entry' }],
      }),
    );
    return false;
  });
}

function functionOf(fields: DocumentFields, map: JsonObject, place: Place): PciFunction | undefined {
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
    driverVersion: fields.text(map, place, 'driverVersion', form.WORDS),
    iommuGroup: isKnownNone(map, 'iommuGroup')
      ? null
      : fields.integer(map, place, 'iommuGroup', 0, Number.MAX_SAFE_INTEGER),
    reservedRegions: fields.maps(map, place, 'reservedRegions', form.REGION_KEYS, (region, at) =>
      toReservedRegion(fields, region, at),
    ),
    numaNode: fields.integer(map, place, 'numaNode', -1, Number.MAX_SAFE_INTEGER),
    bridges: fields.texts(map, place, 'bridges', form.ADDRESS),
    resetMethods: fields.texts(map, place, 'resetMethods', form.WORDS),
    totalVfs: fields.integer(map, place, 'totalVfs', 0, MOST_VFS),
    numVfs: fields.integer(map, place, 'numVfs', 0, MOST_VFS),
    physicalFunction: fields.text(map, place, 'physicalFunction', form.ADDRESS),
    mdevTypes: toVgpuTypes(fields, map, place, 'mdevTypes'),
    vgpuTypes: toVgpuTypes(fields, map, place, 'vgpuTypes'),
    currentVgpuType: isKnownNone(map, 'currentVgpuType')
      ? null
      : fields.text(map, place, 'currentVgpuType', form.VGPU_TYPE_ID),
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
    const observed = use && fields.flag(use, at, 'observed');
    return { kind: kind ?? 'other', reason: reason ?? '', ...(observed === true ? { observed } : {}), place: at };
  });
}

function isKnownNone(map: JsonObject, key: string): boolean {
  return Object.hasOwn(map, key) && map[key] === form.KNOWN_NONE;
}

function toReservedRegion(fields: DocumentFields, map: JsonObject, place: Place): ReservedRegion | undefined {
  const type = fields.requiredText(map, place, 'type', form.WORDS);
  const start = fields.requiredText(map, place, 'start', form.BUS_ADDRESS);
  const end = fields.requiredText(map, place, 'end', form.BUS_ADDRESS);
  return type === undefined || start === undefined || end === undefined ? undefined : { type, start, end };
}

function toVgpuTypes(
  fields: DocumentFields,
  map: JsonObject,
  place: Place,
  key: 'mdevTypes' | 'vgpuTypes',
): readonly VgpuType[] | undefined {
  return fields.maps(map, place, key, form.VGPU_TYPE_KEYS, (type, at) => {
    const id = fields.requiredText(type, at, 'id', form.WORDS);
    if (id === undefined) return undefined;
    return {
      id,
      name: fields.text(type, at, 'name', form.WORDS),
      instances: fields.integer(type, at, 'instances', 0, Number.MAX_SAFE_INTEGER),
    };
  });
}
