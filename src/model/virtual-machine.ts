import type { Place } from '../source';
import type { CurrentObject } from './current-object';
import { isJsonObject, type JsonObject } from './json';
import type { DeclaredAddress } from './node-pool';

/** Which devices a claim takes, of those that its driver has. */
export interface DeviceClaim {
  /** `template`: a claim for each start, which is given back at its end. `claim`: one that outlives the VM's stops. */
  readonly kind: 'template' | 'claim';
  readonly numaNode: number | undefined;
  /** `pci0000:64` */
  readonly pcieRoot: string | undefined;
  /** The product's name as the driver has it, `NVIDIA H100 PCIe`. */
  readonly product: string | undefined;
  /** Further conditions in the Common Expression Language, as typed. */
  readonly expressions: readonly string[];
  readonly place: Place;
}

/** One entry of `gpus` or `hostDevices`. */
export interface DeviceRequest {
  /** The entry's name in the VM. */
  readonly name: string;
  /** The device's id in the fleet; undefined when the entry names a resource instead. */
  readonly device: string | undefined;
  /** The entry's `deviceName` where the spec itself has one. */
  readonly deviceName: string | undefined;
  /** Which of the node's devices it must be. */
  readonly address: DeclaredAddress | undefined;
  /** Which devices it may be, where a driver of dynamic resource allocation hands them out. */
  readonly claim: DeviceClaim | undefined;
  /** What else KubeVirt's own entry takes: `virtualGPUOptions`, `tag`. */
  readonly options: JsonObject;
  /** Whether the entry stands in the user's `spec` (kept as it is) or in the fleet's `gpus` and `hostDevices` (added). */
  readonly inSpec: boolean;
  readonly place: Place;
}

/** The kinds that hold VMs. */
export const VIRTUAL_MACHINE_KINDS = [
  'VirtualMachine',
  'VirtualMachineInstance',
  'VirtualMachineInstanceReplicaSet',
  'VirtualMachinePool',
] as const;

/** A kind that holds VMs: one of them, or, in a pool or replica set, a number of like ones. */
export type VirtualMachineKind = (typeof VIRTUAL_MACHINE_KINDS)[number];

/** Where an object of a kind keeps what it is made of: keys from the object's root. */
export interface MachineLayout {
  /** The VirtualMachineInstance's spec. */
  readonly spec: readonly string[];
  /** Labels and annotations of the instance. */
  readonly metadata: readonly string[];
  /** A VirtualMachine's own spec, around the template of its instance; undefined where there is no VirtualMachine. */
  readonly machine: readonly string[] | undefined;
  /** The template of a pool or replica set, a key of its spec; undefined for kinds that are one VM. */
  readonly template: string | undefined;
}

/**
 * Where each kind keeps what.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/staging/src/kubevirt.io/api/core/v1/types.go
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/staging/src/kubevirt.io/api/pool/v1beta1/types.go
 */
export const MACHINE_LAYOUTS: Readonly<Record<VirtualMachineKind, MachineLayout>> = {
  VirtualMachine: {
    spec: ['spec', 'template', 'spec'],
    metadata: ['spec', 'template', 'metadata'],
    machine: ['spec'],
    template: undefined,
  },
  VirtualMachineInstance: { spec: ['spec'], metadata: ['metadata'], machine: undefined, template: undefined },
  VirtualMachineInstanceReplicaSet: {
    spec: ['spec', 'template', 'spec'],
    metadata: ['spec', 'template', 'metadata'],
    machine: undefined,
    template: 'template',
  },
  VirtualMachinePool: {
    spec: ['spec', 'virtualMachineTemplate', 'spec', 'template', 'spec'],
    metadata: ['spec', 'virtualMachineTemplate', 'spec', 'template', 'metadata'],
    machine: ['spec', 'virtualMachineTemplate', 'spec'],
    template: 'virtualMachineTemplate',
  },
};

/** Whether a text is one of {@link VIRTUAL_MACHINE_KINDS}. */
export function isVirtualMachineKind(kind: string): kind is VirtualMachineKind {
  return (VIRTUAL_MACHINE_KINDS as readonly string[]).includes(kind);
}

/** Whether a kind stands for a number of like VMs. */
export function isMachineSet(kind: VirtualMachineKind): boolean {
  return MACHINE_LAYOUTS[kind].template !== undefined;
}

/** The annotations of the instances that an object is or makes; none where there are none. */
export function instanceAnnotations({ kind, metadata, templateMetadata = {} }: VirtualMachine): JsonObject {
  const annotations = (kind === 'VirtualMachineInstance' ? metadata : templateMetadata)['annotations'];
  return isJsonObject(annotations) ? annotations : NO_ANNOTATIONS;
}

const NO_ANNOTATIONS: JsonObject = {};

/** What a pool or replica set says besides its VMs. */
export interface MachineSetFields {
  /** Its own spec without `replicas` and the template: a selector, how it is updated. */
  readonly spec: JsonObject;
  /** Labels and annotations of a pool's VirtualMachines; empty for a replica set. */
  readonly machineMetadata: JsonObject;
}

/** What a VM asks for about NUMA nodes; each can be asked for alone. */
export interface NumaRequest {
  /** How kubelet is to align its CPUs, pages and devices; undefined: not asked for. */
  readonly kubelet: 'restricted' | 'single-numa-node' | undefined;
  /** The guest sees the NUMA nodes of the CPUs and pages that it has. */
  readonly guestMapping: boolean;
  /** The guest sees its PCI devices at the NUMA nodes that they are on. */
  readonly pcieTopology: boolean;
  readonly place: Place;
}

/** One VM of the fleet, or a number of like ones. Identity is namespace and name. */
export interface VirtualMachine {
  /** Its id in the fleet. */
  readonly id: string;
  readonly kind: VirtualMachineKind;
  readonly namespace: string;
  readonly name: string;
  /** Labels and annotations as written. */
  readonly metadata: JsonObject;
  /** Labels and annotations of the instances that another kind makes, where there are any. */
  readonly templateMetadata?: JsonObject;
  /** Undefined: nothing is asked for. */
  readonly numa?: NumaRequest;
  /** How many like VMs it stands for: 1 but for a pool or replica set, which may have none. */
  readonly replicas: number;
  /** Of a pool or replica set only. */
  readonly set?: MachineSetFields;
  /** The Node it must run on; undefined: any. */
  readonly node: string | undefined;
  /** The pool it must run in; undefined: any. */
  readonly pool: string | undefined;
  readonly gpus: readonly DeviceRequest[];
  readonly hostDevices: readonly DeviceRequest[];
  /** The VirtualMachineInstance's spec as KubeVirt spells it. */
  readonly spec: JsonObject;
  /** Fields of a VirtualMachine's own spec, a pool's too: runStrategy, instancetype, preference, dataVolumeTemplates. */
  readonly machine: JsonObject;
  /** The object that it was read from, where it is somebody else's: such a VM is checked, and never written. */
  readonly foreign?: CurrentObject;
  /** Whether its spec is that of a `manifest`, which is kept as it stands. */
  readonly fromManifest?: true;
  readonly place: Place;
  /** Where `spec` stands, for findings inside it. */
  readonly specPlace: Place;
}
