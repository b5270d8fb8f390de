import type { Diagnostic } from './diagnostic';
import type { HostUse } from '../model';
import type { Span } from '../source';

/** What can be explained. */
export type SubjectKind = 'vm' | 'node' | 'device';

/** A file below the output folder, and the object in it. */
export interface Artefact {
  /** `node-prep/gpu/machineconfig.100-gpu-vfiopci.yaml`. */
  readonly file: string;
  readonly kind: string;
  readonly name: string;
}

/** `unknown`: it may hold, and nobody who was asked knows. */
export type StepState = 'holds' | 'broken' | 'unknown';

/** A link of the chain from what is declared to a device in a VM. */
export type StepKind =
  | 'machine'
  | 'request'
  | 'feature-gate'
  | 'device'
  | 'permitted'
  | 'provider'
  | 'nodes'
  | 'binding'
  | 'kernel-arguments'
  | 'placement'
  | 'machines'
  | 'node'
  | 'advertised';

/** How many devices one node advertises. */
export interface NodeCount {
  readonly node: string;
  /** Undefined: not known. */
  readonly count: number | undefined;
  readonly unknownBecause: string | undefined;
  /** Addresses of the functions behind it. */
  readonly functions: readonly string[];
}

/** One link of a chain. */
export interface Step {
  readonly kind: StepKind;
  readonly state: StepState;
  /** One clause. */
  readonly text: string;
  readonly details: readonly string[];
  /** Where it is declared; undefined for what nobody declared. */
  readonly at: Span | undefined;
  /** What carries it to the cluster. */
  readonly artefact: Artefact | undefined;
  readonly counts: readonly NodeCount[];
  /** Errors and warnings of the report that are about this link. */
  readonly findings: readonly Diagnostic[];
}

/** Links that depend on each other, in order. */
export interface Chain {
  readonly title: string;
  readonly steps: readonly Step[];
  /** Which link is the first that is broken, from 0; undefined: none. */
  readonly firstBroken: number | undefined;
}

/** One function of a node. */
export interface FunctionFate {
  readonly address: string;
  readonly id: string | undefined;
  readonly class: string | undefined;
  readonly name: string | undefined;
  readonly iommuGroup: number | null | undefined;
  /** Null: none; undefined: not known. */
  readonly driver: { readonly seen: string | null | undefined; readonly after: string | null | undefined };
  /** What binds it; more than one is a conflict. */
  readonly bindings: readonly {
    readonly pool: string;
    readonly device: string;
    readonly role: 'device' | 'companion';
    readonly strategy: 'id' | 'address' | 'external';
    readonly reason: string;
    readonly artefact: Artefact | undefined;
  }[];
  /** Undefined: nobody knows. */
  readonly hostUse: readonly Pick<HostUse, 'kind' | 'reason'>[] | undefined;
  readonly at: Span;
}

/** Whether VFIO can use an IOMMU group: whether each of its functions but bridges is free of host drivers. */
export interface GroupFate {
  readonly group: number;
  /** Undefined: not known. */
  readonly viable: boolean | undefined;
  readonly because: string;
  readonly functions: readonly string[];
}

/** A device as a plugin announces it to kubelet. */
export interface DeviceFate {
  /** KubeVirt's plugin: the IOMMU group, `27`. NVIDIA's: the address. */
  readonly id: string;
  readonly functions: readonly string[];
  /** Undefined: kubelet is told of none. */
  readonly numaNode: number | undefined;
}

/** What one node advertises under one name. */
export interface AdvertisedFate {
  readonly resourceName: string | undefined;
  /** The device's id in the fleet; undefined for what no device of the fleet is called. */
  readonly device: string | undefined;
  readonly server: 'kubevirt' | 'nvidia' | 'other' | 'dra';
  readonly count: number | undefined;
  /** Empty where they cannot be told one by one. */
  readonly devices: readonly DeviceFate[];
  /** In words: `one for each IOMMU group`. */
  readonly countedBy: string;
  readonly unknownBecause: string | undefined;
  readonly functions: readonly string[];
}

/** What becomes of a node's hardware. */
export interface NodeFate {
  /** Whether there is an inventory: without one the lists are empty because nothing is known. */
  readonly hasInventory: boolean;
  readonly functions: readonly FunctionFate[];
  /** Groups with a function that is handed over. */
  readonly groups: readonly GroupFate[];
  /** What the fleet's devices give first. */
  readonly advertised: readonly AdvertisedFate[];
}

/** The whole chain of one thing. */
export interface Explanation {
  readonly kind: SubjectKind;
  /** `default/vmi-nvme` for a VM. */
  readonly name: string;
  readonly fleet: string;
  readonly at: Span;
  readonly chains: readonly Chain[];
  /** For a node only. */
  readonly node: NodeFate | undefined;
  /** Errors of the whole fleet: while there are any, nothing is written. */
  readonly errorCount: number;
}
