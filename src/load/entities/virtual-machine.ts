import {
  isJsonObject,
  isMachineSet,
  jsonAt,
  MACHINE_LAYOUTS,
  VIRTUAL_MACHINE_KINDS,
  type DeviceClaim,
  type DeviceRequest,
  type JsonObject,
  type JsonValue,
  type MachineSetFields,
  type VirtualMachine,
  type VirtualMachineKind,
} from '../../model';
import { placeAt, type Place } from '../../source';
import { toDeclaredAddress } from './addresses';
import { toNumaRequest } from './numa';
import { below, choiceOf, itemsOf, mapOf, textOf, type PlaceBelow } from './values';

/** An object that a VM is taken from, instead of a `spec`. */
export interface MachineManifest {
  readonly kind: VirtualMachineKind;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly metadata: JsonObject;
  /** The VirtualMachineInstance's spec. */
  readonly spec: JsonObject;
  /** Labels and annotations of the instances that another kind makes. */
  readonly templateMetadata: JsonObject;
  /** A VirtualMachine's own fields besides `template`. */
  readonly machine: JsonObject;
  /** How many VMs a pool or replica set makes; undefined where it does not say. */
  readonly replicas: number | undefined;
  /** Of a pool or replica set only. */
  readonly set: MachineSetFields | undefined;
  /** The place of a value below `spec`. */
  readonly atSpec: PlaceBelow;
}

/** Fields that only a VirtualMachine has, of a pool too. */
export const MACHINE_FIELDS = ['runStrategy', 'instancetype', 'preference', 'dataVolumeTemplates'] as const;

/** What a pool or replica set that does not say how many makes. */
const DEFAULT_REPLICAS = 1;
const NO_SET_FIELDS: MachineSetFields = Object.freeze({ spec: Object.freeze({}), machineMetadata: Object.freeze({}) });

/** When a VirtualMachine runs that does not say: KubeVirt refuses one that says nothing (facts of KubeVirt, 91). */
const DEFAULT_RUN_STRATEGY = 'Always';

/**
 * One entry of `virtualMachines` as a VM of the model.
 *
 * Left out: the kind is the manifest's, or VirtualMachine; the name is the id; the namespace is the manifest's, or `default`;
 * a VirtualMachine that says neither `runStrategy` nor `running` runs always; a pool or replica set makes one VM.
 *
 * @returns undefined when the entry is no map, has no spec, or is of a kind that is not supported.
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go
 * (validateRunStrategy: exactly one of `running` and `runStrategy`)
 */
export function toVirtualMachine(
  id: string,
  value: unknown,
  manifest: MachineManifest | undefined,
  at: PlaceBelow,
): VirtualMachine | undefined {
  if (!isJsonObject(value)) return undefined;
  const spec = manifest?.spec ?? value['spec'];
  const kind = choiceOf(value['kind'] ?? manifest?.kind ?? 'VirtualMachine', VIRTUAL_MACHINE_KINDS);
  if (!isJsonObject(spec) || kind === undefined) return undefined;
  const atSpec = manifest?.atSpec ?? below(at, 'spec');
  const machine: VirtualMachine = {
    id,
    kind,
    namespace: textOf(value['namespace']) ?? manifest?.namespace ?? 'default',
    name: textOf(value['name']) ?? id,
    metadata: mergedMetadata(manifest?.metadata, value['metadata']),
    node: textOf(value['node']),
    pool: textOf(value['pool']),
    gpus: requests('gpus', value, spec, at, atSpec),
    hostDevices: requests('hostDevices', value, spec, at, atSpec),
    spec,
    machine: MACHINE_LAYOUTS[kind].machine === undefined ? {} : machineFields(value, manifest?.machine),
    replicas: isMachineSet(kind) ? (countOf(value['replicas']) ?? manifest?.replicas ?? DEFAULT_REPLICAS) : 1,
    place: at(),
    specPlace: atSpec(),
  };
  const templateMetadata = mergedMetadata(manifest?.templateMetadata, value['templateMetadata']);
  const hasTemplateMetadata = Object.keys(templateMetadata).length > 0;
  const numa = toNumaRequest(value['numa'], at);
  if (!hasTemplateMetadata && numa === undefined && !isMachineSet(kind) && manifest === undefined) return machine;
  return {
    ...machine,
    ...(numa === undefined ? {} : { numa }),
    ...(hasTemplateMetadata ? { templateMetadata } : {}),
    ...(isMachineSet(kind) ? { set: manifest?.set ?? NO_SET_FIELDS } : {}),
    ...(manifest === undefined ? {} : { fromManifest: true as const }),
  };
}

/** A number of VMs; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function machineFields(value: JsonObject, manifest: JsonObject | undefined): JsonObject {
  const fields: Record<string, JsonValue | undefined> = { ...manifest };
  for (const field of MACHINE_FIELDS) {
    if (value[field] !== undefined) fields[field] = value[field];
  }
  // what the fleet says replaces the manifest's deprecated spelling: KubeVirt refuses both together
  if (manifest !== undefined && value['runStrategy'] !== undefined) delete fields['running'];
  if (fields['runStrategy'] === undefined && fields['running'] === undefined)
    fields['runStrategy'] = DEFAULT_RUN_STRATEGY;
  return fields;
}

function mergedMetadata(manifest: JsonObject | undefined, declared: JsonValue | undefined): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const part of METADATA_PARTS) {
    const own = jsonAt(declared, part);
    // most VMs come from no manifest: theirs is taken over as it is
    const both = manifest === undefined ? mapOf(own) : { ...mapOf(manifest[part]), ...mapOf(own) };
    if (holdsAnything(both)) merged[part] = both;
  }
  return merged;
}

function holdsAnything(map: JsonObject): boolean {
  for (const key in map) if (map[key] !== undefined) return true;
  return false;
}

const METADATA_PARTS = ['labels', 'annotations'] as const;

function requests(
  list: 'gpus' | 'hostDevices',
  value: JsonObject,
  spec: JsonObject,
  at: PlaceBelow,
  atSpec: PlaceBelow,
): DeviceRequest[] {
  const typed = requestsInSpec(list, spec, atSpec);
  const declared = itemsOf(value[list]).flatMap((item, i) =>
    isJsonObject(item) && typeof item['name'] === 'string' && typeof item['device'] === 'string'
      ? [toRequest(item, false, at(list, i))]
      : [],
  );
  // thousands are kept: what `concat` makes has no room to grow
  return typed.concat(declared);
}

/** The entries of `gpus` or `hostDevices` that stand in a VirtualMachineInstance's spec. */
export function requestsInSpec(list: 'gpus' | 'hostDevices', spec: JsonObject, atSpec: PlaceBelow): DeviceRequest[] {
  const items = jsonAt(spec, 'domain', 'devices', list);
  if (!Array.isArray(items)) return [];
  return (items as readonly JsonValue[]).flatMap((item, i) =>
    isJsonObject(item) ? [toRequest(item, true, atSpec('domain', 'devices', list, i))] : [],
  );
}

function toRequest(item: JsonObject, inSpec: boolean, place: Place): DeviceRequest {
  return {
    name: textOf(item['name']) ?? '',
    device: inSpec ? undefined : textOf(item['device']),
    deviceName: textOf(item['deviceName']),
    address: inSpec ? undefined : toRequestAddress(item, place),
    claim: inSpec ? undefined : toClaim(item['claim'], place),
    options: optionsOf(item, inSpec),
    inSpec,
    place,
  };
}

function toRequestAddress(item: JsonObject, place: Place): DeviceRequest['address'] {
  const address = textOf(item['address']);
  return address === undefined ? undefined : toDeclaredAddress(address, placeAt(place, 'address'));
}

function toClaim(value: unknown, entry: Place): DeviceClaim | undefined {
  if (!isJsonObject(value)) return undefined;
  const numaNode = value['numaNode'];
  return {
    kind: choiceOf(value['kind'], ['claim']) ?? 'template',
    numaNode: typeof numaNode === 'number' && Number.isSafeInteger(numaNode) && numaNode >= 0 ? numaNode : undefined,
    pcieRoot: textOf(value['pcieRoot']),
    product: textOf(value['product']),
    expressions: itemsOf(value['expressions']).filter((item) => typeof item === 'string'),
    place: placeAt(entry, 'claim'),
  };
}

const ENTRY_FIELDS: readonly string[] = ['name', 'device', 'deviceName'];
/** What the fleet's entries say besides, and KubeVirt's do not. */
const DECLARED_FIELDS: readonly string[] = [...ENTRY_FIELDS, 'address', 'claim'];
const NO_OPTIONS: JsonObject = Object.freeze({});

/** What an entry holds besides what it is called and what it asks for. */
function optionsOf(item: JsonObject, inSpec: boolean): JsonObject {
  const own = inSpec ? ENTRY_FIELDS : DECLARED_FIELDS;
  const others = Object.keys(item).filter((key) => !own.includes(key));
  return others.length === 0 ? NO_OPTIONS : Object.fromEntries(others.map((key) => [key, item[key]]));
}
