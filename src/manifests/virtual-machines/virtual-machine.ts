import type { AnalysedMachine, AnalysedRequest } from '../../analysis';
import { copyOf, isJsonObject, type JsonObject, type JsonValue, type VirtualMachine } from '../../model';
import { placeAt, pointerSegments, type Place, type Pointer } from '../../source';
import { virtualMachineKey } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { addedEntries, domainWith } from './device-requests';
import { placed, type Placements } from './placement';

/** A VM as KubeVirt takes it: the user's spec, the devices it asks for, and where it may run. */
export function virtualMachine(analysed: AnalysedMachine, placements: Placements): Manifest {
  return new MachineManifest(analysed, placements);
}

const NO_COMMENTS: ReadonlyMap<Pointer, string> = new Map();

class MachineManifest implements Manifest {
  readonly key: string;
  readonly path: string;
  readonly trace = (pointer: Pointer): Place => placeOf(this.analysed, pointer);
  private readonly analysed: AnalysedMachine;
  private readonly placements: Placements;

  constructor(analysed: AnalysedMachine, placements: Placements) {
    const { kind, namespace, name } = analysed.machine;
    this.key = virtualMachineKey(kind, namespace, name);
    this.path = outputPath('virtual-machines', namespace, objectFile(kind, name));
    this.analysed = analysed;
    this.placements = placements;
  }

  get content(): JsonObject {
    const { machine, requests } = this.analysed;
    const { kind, namespace, name, metadata } = machine;
    const spec = placed(machine.spec, this.placements.of(machine));
    const added = addedEntries(machine.spec, requests);
    if (added.length > 0) spec['domain'] = domainWith(machine.spec, added);
    const named = copyOf(metadata);
    named['name'] = name;
    named['namespace'] = namespace;
    return {
      apiVersion: 'kubevirt.io/v1',
      kind,
      metadata: named,
      spec: kind === 'VirtualMachineInstance' ? spec : machineSpec(machine, spec),
    };
  }

  get comments(): ReadonlyMap<Pointer, string> {
    return NO_COMMENTS;
  }

  get modelPath(): string {
    return `virtualMachines.${this.analysed.machine.id}`;
  }
}

function machineSpec({ machine, templateMetadata }: VirtualMachine, spec: JsonObject): JsonObject {
  const typed = machine['template'];
  const template: Record<string, JsonValue | undefined> = isJsonObject(typed) ? { ...typed, spec } : { spec };
  if (templateMetadata !== undefined) template['metadata'] = templateMetadata;
  const result = copyOf(machine);
  result['template'] = template;
  return result;
}

/** A spot of the object to the spot of the input that it was made from. */
function placeOf({ machine, requests }: AnalysedMachine, pointer: Pointer): Place {
  const segments = pointerSegments(pointer);
  if (segments[0] === 'metadata') {
    const isTyped = segments[1] === 'labels' || segments[1] === 'annotations';
    return isTyped ? placeAt(machine.place, ...segments) : machine.place;
  }
  if (segments[0] !== 'spec') return machine.place;
  const isWrapped = machine.kind === 'VirtualMachine';
  if (!isWrapped) return placeInSpec(machine, requests, segments.slice(1));
  if (segments[1] !== 'template') return placeAt(machine.place, ...segments.slice(1));
  return segments[2] === 'spec' ? placeInSpec(machine, requests, segments.slice(3)) : machine.place;
}

function placeInSpec(machine: VirtualMachine, requests: readonly AnalysedRequest[], path: readonly string[]): Place {
  const [first, second, list, index, ...rest] = path;
  if (first === 'domain' && second === 'devices') {
    const entry = addedEntries(machine.spec, requests).find((one) => one.list === list && String(one.index) === index);
    if (entry !== undefined) return rest.length === 0 ? entry.place : placeAt(entry.place, ...entryPath(rest));
  }
  if (isFromPlacement(machine, path)) return placeAt(machine.place, machine.node === undefined ? 'pool' : 'node');
  return placeAt(machine.specPlace, ...path);
}

/** The fleet's entry names a device where the object names its resource. */
function entryPath([field, ...rest]: readonly string[]): string[] {
  return field === 'deviceName' ? ['device'] : [field ?? '', ...rest];
}

function isFromPlacement({ node, pool, spec }: VirtualMachine, path: readonly string[]): boolean {
  const [field, key] = path;
  if (node === undefined && pool === undefined) return false;
  if (field === 'nodeSelector') {
    const typed = spec['nodeSelector'];
    return !(isJsonObject(typed) && (key === undefined || Object.hasOwn(typed, key)));
  }
  if (field === 'tolerations') {
    const typed = spec['tolerations'];
    return !Array.isArray(typed) || (key !== undefined && Number(key) >= typed.length);
  }
  return field === 'affinity' && spec['affinity'] === undefined;
}
