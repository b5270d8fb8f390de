import {
  isJsonObject,
  jsonAt,
  type DeviceRequest,
  type JsonObject,
  type JsonValue,
  type VirtualMachine,
  type VirtualMachineKind,
} from '../../model';
import { below, choiceOf, itemsOf, sortedEntries, textOf, type PlaceBelow } from './values';

/** An object that a VM is taken from, instead of a `spec`. */
export interface MachineManifest {
  readonly kind: VirtualMachineKind;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly metadata: JsonObject;
  /** The VirtualMachineInstance's spec. */
  readonly spec: JsonObject;
  /** Labels and annotations of a VirtualMachine's template. */
  readonly templateMetadata: JsonObject;
  /** A VirtualMachine's own fields besides `template`. */
  readonly machine: JsonObject;
  /** The place of a value below `spec`. */
  readonly atSpec: PlaceBelow;
}

const KINDS = ['VirtualMachine', 'VirtualMachineInstance'] as const;
/** Fields that only a VirtualMachine has. */
export const MACHINE_FIELDS = ['runStrategy', 'instancetype', 'preference', 'dataVolumeTemplates'] as const;

/** When a VirtualMachine runs that does not say: KubeVirt refuses one that says nothing (facts of KubeVirt, 91). */
const DEFAULT_RUN_STRATEGY = 'Always';

/**
 * One entry of `virtualMachines` as a VM of the model.
 *
 * Left out: the kind is the manifest's, or VirtualMachine; the name is the id; the namespace is the manifest's, or `default`;
 * a VirtualMachine that says neither `runStrategy` nor `running` runs always.
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
  const kind = choiceOf(value['kind'] ?? manifest?.kind ?? 'VirtualMachine', KINDS);
  if (!isJsonObject(spec) || kind === undefined) return undefined;
  const atSpec = manifest?.atSpec ?? below(at, 'spec');
  return {
    id,
    kind,
    namespace: textOf(value['namespace']) ?? manifest?.namespace ?? 'default',
    name: textOf(value['name']) ?? id,
    metadata: mergedMetadata(manifest?.metadata, value['metadata']),
    ...(manifest === undefined || Object.keys(manifest.templateMetadata).length === 0
      ? {}
      : { templateMetadata: manifest.templateMetadata }),
    node: textOf(value['node']),
    pool: textOf(value['pool']),
    gpus: requests('gpus', value, spec, at, atSpec),
    hostDevices: requests('hostDevices', value, spec, at, atSpec),
    spec,
    machine: kind === 'VirtualMachine' ? machineFields(value, manifest?.machine ?? {}) : {},
    place: at(),
    specPlace: atSpec(),
  };
}

function machineFields(value: JsonObject, manifest: JsonObject): JsonObject {
  const fields: Record<string, JsonValue | undefined> = { ...manifest };
  for (const field of MACHINE_FIELDS) {
    if (value[field] !== undefined) fields[field] = value[field];
  }
  // what the fleet says replaces the manifest's deprecated spelling: KubeVirt refuses both together
  if (value['runStrategy'] !== undefined) delete fields['running'];
  if (fields['runStrategy'] === undefined && fields['running'] === undefined)
    fields['runStrategy'] = DEFAULT_RUN_STRATEGY;
  return fields;
}

function mergedMetadata(manifest: JsonObject | undefined, declared: JsonValue | undefined): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const part of ['labels', 'annotations'] as const) {
    const entries = [...sortedEntries(manifest?.[part]), ...sortedEntries(jsonAt(declared, part))] as [
      string,
      JsonValue,
    ][];
    if (entries.length > 0) merged[part] = Object.fromEntries(entries);
  }
  return merged;
}

function requests(
  list: 'gpus' | 'hostDevices',
  value: JsonObject,
  spec: JsonObject,
  at: PlaceBelow,
  atSpec: PlaceBelow,
): DeviceRequest[] {
  const inSpec = itemsOf(jsonAt(spec, 'domain', 'devices', list)).flatMap((item, i) =>
    isJsonObject(item) ? [toRequest(item, true, below(atSpec, 'domain', 'devices', list, i))] : [],
  );
  const declared = itemsOf(value[list]).flatMap((item, i) =>
    isJsonObject(item) && typeof item['name'] === 'string' && typeof item['device'] === 'string'
      ? [toRequest(item, false, below(at, list, i))]
      : [],
  );
  return [...inSpec, ...declared];
}

function toRequest(item: JsonObject, inSpec: boolean, at: PlaceBelow): DeviceRequest {
  const { name, device, deviceName, ...options } = item;
  return {
    name: textOf(name) ?? '',
    device: inSpec ? undefined : textOf(device),
    deviceName: textOf(deviceName),
    options,
    inSpec,
    place: at(),
  };
}
