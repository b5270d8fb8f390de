import type { Place } from '../source';
import type { CurrentObject } from './current-object';
import type { JsonObject } from './json';

/** One entry of `gpus` or `hostDevices`. */
export interface DeviceRequest {
  /** The entry's name in the VM. */
  readonly name: string;
  /** The device's id in the fleet; undefined when the entry names a resource instead. */
  readonly device: string | undefined;
  /** The entry's `deviceName` where the spec itself has one. */
  readonly deviceName: string | undefined;
  /** What else KubeVirt's own entry takes: `virtualGPUOptions`, `tag`. */
  readonly options: JsonObject;
  /** Whether the entry stands in the user's `spec` (kept as it is) or in the fleet's `gpus` and `hostDevices` (added). */
  readonly inSpec: boolean;
  readonly place: Place;
}

/** The kinds that hold VMs. */
export type VirtualMachineKind = 'VirtualMachine' | 'VirtualMachineInstance';

/** One VM of the fleet. Identity is namespace and name. */
export interface VirtualMachine {
  /** Its id in the fleet. */
  readonly id: string;
  readonly kind: VirtualMachineKind;
  readonly namespace: string;
  readonly name: string;
  /** Labels and annotations as written. */
  readonly metadata: JsonObject;
  /** Labels and annotations of a VirtualMachine's template, where the VM comes from a manifest that has them. */
  readonly templateMetadata?: JsonObject;
  /** The Node it must run on; undefined: any. */
  readonly node: string | undefined;
  /** The pool it must run in; undefined: any. */
  readonly pool: string | undefined;
  readonly gpus: readonly DeviceRequest[];
  readonly hostDevices: readonly DeviceRequest[];
  /** The VirtualMachineInstance's spec as KubeVirt spells it. */
  readonly spec: JsonObject;
  /** Fields of a VirtualMachine's own spec: runStrategy, instancetype, preference, dataVolumeTemplates. */
  readonly machine: JsonObject;
  /** The object that it was read from, where it is somebody else's: such a VM is checked, and never written. */
  readonly foreign?: CurrentObject;
  readonly place: Place;
  /** Where `spec` stands, for findings inside it. */
  readonly specPlace: Place;
}
