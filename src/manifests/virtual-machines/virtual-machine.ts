import { namesAddress, sharingSpec, type AnalysedMachine, type Analysis } from '../../analysis';
import { apiVersionOf, type KubeVirtRelease } from '../../kubevirt';
import {
  copyOf,
  isJsonObject,
  MACHINE_LAYOUTS,
  VIRTUAL_MACHINE_KINDS,
  type JsonObject,
  type VirtualMachine,
  type VirtualMachineKind,
} from '../../model';
import { placeAt, pointerSegments, type Place, type Pointer } from '../../source';
import { commentText } from '../comment';
import { virtualMachineKey } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { addDevices, addedEntries, claimsWith, DeviceLists } from './device-requests';
import { machineSetSpec, machineSpec } from './machine-set';
import { place, Placements } from './placement';

/** What the VMs of one fleet are written with. */
export interface MachineParts {
  readonly placements: Placements;
  readonly devices: DeviceLists;
  readonly apiVersions: Readonly<Record<VirtualMachineKind, string>>;
}

/** The parts for the VMs of a fleet. */
export function machineParts(analysis: Analysis, release: KubeVirtRelease): MachineParts {
  const apiVersions = VIRTUAL_MACHINE_KINDS.map((kind) => [kind, apiVersionOf({ release }, kind) ?? 'kubevirt.io/v1']);
  return {
    placements: new Placements(analysis),
    devices: new DeviceLists(),
    apiVersions: Object.fromEntries(apiVersions) as Record<VirtualMachineKind, string>,
  };
}

/** A VM as KubeVirt takes it: the user's spec, the devices it asks for, and where it may run. */
export function virtualMachine(analysed: AnalysedMachine, parts: MachineParts): Manifest {
  return new MachineManifest(analysed, parts);
}

const NO_COMMENTS: ReadonlyMap<Pointer, string> = new Map();

class MachineManifest implements Manifest {
  readonly key: string;
  readonly path: string;
  readonly machine: AnalysedMachine;
  private readonly parts: MachineParts;

  constructor(analysed: AnalysedMachine, parts: MachineParts) {
    const { kind, namespace, name } = analysed.machine;
    this.key = virtualMachineKey(kind, namespace, name);
    this.path = outputPath('virtual-machines', namespace, objectFile(kind, name));
    this.machine = analysed;
    this.parts = parts;
  }

  trace(pointer: Pointer): Place {
    return placeOf(this.machine, pointer);
  }

  get content(): JsonObject {
    const { machine, claims, writesEviction, evictionStrategy } = this.machine;
    const { kind, namespace, name, metadata } = machine;
    const { placements, devices, apiVersions } = this.parts;
    const spec = sharingSpec(this.machine);
    place(spec, placements.of(this.machine));
    addDevices(spec, devices.of(this.machine));
    if (claims.length > 0) spec['resourceClaims'] = claimsWith(machine.spec, claims);
    if (writesEviction) spec['evictionStrategy'] = evictionStrategy;
    const named = copyOf(metadata);
    named['name'] = name;
    named['namespace'] = namespace;
    return {
      apiVersion: apiVersions[kind],
      kind,
      metadata: named,
      spec: objectSpec(machine, spec),
    };
  }

  get comments(): ReadonlyMap<Pointer, string> {
    const { pinned, writesEviction } = this.machine;
    if (pinned === undefined && !writesEviction) return NO_COMMENTS;
    return new Map([
      ...(pinned === undefined ? [] : pinComment(this.machine)),
      ...(writesEviction ? evictionComment(this.machine) : []),
    ]);
  }

  get modelPath(): string {
    return `virtualMachines.${this.machine.machine.id}`;
  }
}

/** Why a VM is confined to some nodes: what was true of them when the fleet was compiled. */
function pinComment({ machine, requests }: AnalysedMachine): ReadonlyMap<Pointer, string> {
  const proofs = requests
    .filter(namesAddress)
    .map(({ request, deviceName }) => `${request.address?.text ?? ''} is the only device of ${deviceName ?? ''}`);
  const field = machine.node === undefined ? 'affinity' : 'nodeSelector';
  const pointer: Pointer = `/${[...MACHINE_LAYOUTS[machine.kind].spec, field].join('/')}`;
  return new Map([[pointer, commentText(`here ${proofs.join(' and ')}`)]]);
}

function evictionComment({ machine: { kind } }: AnalysedMachine): ReadonlyMap<Pointer, string> {
  const pointer: Pointer = `/${[...MACHINE_LAYOUTS[kind].spec, 'evictionStrategy'].join('/')}`;
  return new Map([
    [pointer, commentText('by the default of the cluster its device would block the drain of the node')],
  ]);
}

function objectSpec(machine: VirtualMachine, spec: JsonObject): JsonObject {
  switch (machine.kind) {
    case 'VirtualMachineInstance':
      return spec;
    case 'VirtualMachine':
      return machineSpec(machine, spec, machine.templateMetadata);
    case 'VirtualMachineInstanceReplicaSet':
    case 'VirtualMachinePool':
      return machineSetSpec(machine, spec);
  }
}

/** A spot of the object to the spot of the input that it was made from. */
function placeOf(analysed: AnalysedMachine, pointer: Pointer): Place {
  const { machine } = analysed;
  const segments = pointerSegments(pointer);
  const below = (path: readonly string[] | undefined): string[] | undefined =>
    path?.every((key, i) => segments[i] === key) === true ? segments.slice(path.length) : undefined;
  const layout = MACHINE_LAYOUTS[machine.kind];
  const inSpec = below(layout.spec);
  if (inSpec !== undefined) return placeInSpec(analysed, inSpec);
  if (segments[0] === 'metadata') {
    const isTyped = segments[1] === 'labels' || segments[1] === 'annotations';
    return isTyped ? placeAt(machine.place, ...segments) : machine.place;
  }
  const inTemplate = below(layout.metadata);
  if (inTemplate !== undefined) return placeAt(machine.place, 'templateMetadata', ...inTemplate);
  const [field, ...rest] = below(layout.machine) ?? [];
  if (field !== undefined && field !== 'template') return placeAt(machine.place, field, ...rest);
  return segments[1] === 'replicas' ? placeAt(machine.place, 'replicas') : machine.place;
}

function placeInSpec(analysed: AnalysedMachine, path: readonly string[]): Place {
  const { machine, requests, claims } = analysed;
  const [first, second, list, index, ...rest] = path;
  if (first === 'domain' && second === 'devices') {
    const entry = addedEntries(machine.spec, requests, claims).find(
      (one) => one.list === list && String(one.index) === index,
    );
    if (entry !== undefined) return rest.length === 0 ? entry.place : placeAt(entry.place, ...entryPath(rest));
  }
  if (first === 'resourceClaims') {
    const typed = machine.spec['resourceClaims'];
    const claim = claims[Number(second ?? '0') - (Array.isArray(typed) ? typed.length : 0)];
    if (claim !== undefined) return claim.request.request.place;
  }
  if (first === 'evictionStrategy' && machine.spec['evictionStrategy'] === undefined) return machine.place;
  if (isFromPlacement(analysed, path)) return placementPlace(analysed);
  return placeAt(machine.specPlace, ...path);
}

/** The fleet's entry names a device where the object names its resource. */
function entryPath([field, ...rest]: readonly string[]): string[] {
  return field === 'deviceName' || field === 'claimName' || field === 'requestName'
    ? ['device']
    : [field ?? '', ...rest];
}

/** What confines a VM: its `node`, its `pool`, or an entry's address. */
function placementPlace({ machine, requests }: AnalysedMachine): Place {
  if (machine.node !== undefined) return placeAt(machine.place, 'node');
  const addressed = machine.pool === undefined ? requests.find(namesAddress) : undefined;
  return addressed === undefined ? placeAt(machine.place, 'pool') : placeAt(addressed.request.place, 'address');
}

function isFromPlacement({ machine, pinned }: AnalysedMachine, path: readonly string[]): boolean {
  const { node, pool, spec } = machine;
  const [field, key] = path;
  if (node === undefined && pool === undefined && pinned === undefined) return false;
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
