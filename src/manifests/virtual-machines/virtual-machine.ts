import type { AnalysedMachine } from '../../analysis';
import { isJsonObject, type JsonObject } from '../../model';
import { placeAt, pointerSegments, type Place, type Pointer } from '../../source';
import { virtualMachineKey } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { withDevices, type AddedEntry } from './device-requests';
import { placed, type Placements } from './placement';

/** A VM as KubeVirt takes it: the user's spec, the devices it asks for, and where it may run. */
export function virtualMachine(analysed: AnalysedMachine, placements: Placements): Manifest {
  const { machine } = analysed;
  const { kind, namespace, name, metadata } = machine;
  const { spec: withEntries, added } = withDevices(machine.spec, analysed.requests);
  const spec = placed(withEntries, placements.of(machine));
  return {
    key: virtualMachineKey(kind, namespace, name),
    path: outputPath('virtual-machines', namespace, objectFile(kind, name)),
    content: {
      apiVersion: 'kubevirt.io/v1',
      kind,
      metadata: { ...metadata, name, namespace },
      spec: kind === 'VirtualMachineInstance' ? spec : machineSpec(analysed, spec),
    },
    comments: NO_COMMENTS,
    modelPath: `virtualMachines.${machine.id}`,
    trace: (pointer) => placeOf(analysed, added, pointer),
  };
}

const NO_COMMENTS = new Map<Pointer, string>();

function machineSpec({ machine }: AnalysedMachine, spec: JsonObject): JsonObject {
  const template = machine.machine['template'];
  return {
    ...machine.machine,
    template: {
      ...(isJsonObject(template) ? template : {}),
      ...(machine.templateMetadata === undefined ? {} : { metadata: machine.templateMetadata }),
      spec,
    },
  };
}

/** A spot of the object to the spot of the input that it was made from. */
function placeOf({ machine }: AnalysedMachine, added: readonly AddedEntry[], pointer: Pointer): Place {
  const segments = pointerSegments(pointer);
  if (segments[0] === 'metadata') {
    const isTyped = segments[1] === 'labels' || segments[1] === 'annotations';
    return isTyped ? placeAt(machine.place, ...segments) : machine.place;
  }
  if (segments[0] !== 'spec') return machine.place;
  const isWrapped = machine.kind === 'VirtualMachine';
  if (!isWrapped) return placeInSpec(machine, added, segments.slice(1));
  if (segments[1] !== 'template') return placeAt(machine.place, ...segments.slice(1));
  return segments[2] === 'spec' ? placeInSpec(machine, added, segments.slice(3)) : machine.place;
}

function placeInSpec(
  machine: AnalysedMachine['machine'],
  added: readonly AddedEntry[],
  path: readonly string[],
): Place {
  const [first, second, list, index, ...rest] = path;
  if (first === 'domain' && second === 'devices') {
    const entry = added.find((one) => one.list === list && String(one.index) === index);
    if (entry !== undefined) return rest.length === 0 ? entry.place : placeAt(entry.place, ...entryPath(rest));
  }
  if (isFromPlacement(machine, path)) return placeAt(machine.place, machine.node === undefined ? 'pool' : 'node');
  return placeAt(machine.specPlace, ...path);
}

/** The fleet's entry names a device where the object names its resource. */
function entryPath([field, ...rest]: readonly string[]): string[] {
  return field === 'deviceName' ? ['device'] : [field ?? '', ...rest];
}

function isFromPlacement({ node, pool, spec }: AnalysedMachine['machine'], path: readonly string[]): boolean {
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
