import type { BdfAddress, JsonValue, PciClass, PciId } from '../model';
import type { Place } from '../source';

/** A kernel argument and why it is there. */
export interface KernelArgumentEffect {
  readonly argument: string;
  readonly reason: string;
}

/** Which node a row is for: every node of the unit, one by its DMI product UUID, or one by its host name. */
export type RowScope =
  | { readonly kind: 'any' }
  | { readonly kind: 'uuid'; readonly uuid: string; readonly node: string }
  | { readonly kind: 'host'; readonly hostName: string; readonly node: string };

/**
 * One function bound by address, with the identity that must be found there. `ids` are accepted alternatives; what is
 * undefined is not compared. A row for every node carries nothing that differs between like cards, so that swapping one
 * changes no byte.
 */
export interface BindingRow {
  readonly scope: RowScope;
  readonly address: BdfAddress;
  readonly ids: readonly PciId[];
  readonly subsystem: PciId | undefined;
  readonly class: PciClass | undefined;
  readonly serial: string | undefined;
  /** Class codes of functions in the same slot that the program binds along with it: `0403`, `0c03`, `0c80`; empty when companions have rows of their own. */
  readonly companionClasses: readonly string[];
  /** The device's id in the fleet, or `companion of` it. */
  readonly purpose: string;
}

/**
 * When a binding takes hold: `module-load`, when vfio-pci is loaded with its list of ids, before the device's own driver where that
 * one is a module; `before-kubelet`, when the bind program has checked the node; `machine-config`, when Talos has read its documents,
 * which nothing orders before kubelet.
 */
export type TakesHold = 'module-load' | 'before-kubelet' | 'machine-config';

/** Virtual functions that node preparation makes of every card with an id, before anything is bound. */
export interface VirtualFunctionsRow {
  readonly scope: RowScope;
  readonly parent: PciId;
  /** Of each card. */
  readonly count: number;
}

/** vGPUs that node preparation makes on a node: mediated devices, or virtual functions that are told their type. */
export interface VgpusRow {
  readonly scope: RowScope;
  readonly framework: 'mdev' | 'vendor-vfio';
  /** The card's id; undefined: every card that offers the type. */
  readonly parent: PciId | undefined;
  /** `nvidia-222`; undefined where only the name is declared. */
  readonly typeId: string | undefined;
  /** The type's name as the driver gives it: `GRID T4-1Q`. */
  readonly typeName: string;
  /** On the node; undefined: as many as fit. */
  readonly count: number | undefined;
}

/** One function of one node that ends on vfio-pci, as far as the fleet and the inventory tell. */
export interface BindingEffect {
  readonly node: string;
  readonly address: BdfAddress;
  readonly strategy: 'id' | 'address';
  readonly role: 'device' | 'companion';
  /** The device's id in the fleet; a companion has its device's. */
  readonly device: string;
  /** What is expected there; more than one: any of them. */
  readonly ids: readonly PciId[];
  readonly subsystem: PciId | undefined;
  readonly class: PciClass | undefined;
  readonly serial: string | undefined;
  readonly iommuGroup: number | null | undefined;
  /** The driver that has it before; null: none, undefined: not known. */
  readonly from: string | null | undefined;
  readonly takesHold: TakesHold;
}

/** One setting of the kubelet by kubelet's own field name, with why it is there. */
export interface KubeletSetting {
  /** A field of KubeletConfiguration: `topologyManagerPolicy`. */
  readonly field: string;
  readonly value: JsonValue;
  readonly reason: string;
  readonly place: Place;
}

/** What is in a file: which of them a back end writes, and where, is the platform's. */
export type FileKind =
  | 'module-options'
  | 'module-list'
  | 'bind-program'
  | 'bind-table'
  | 'functions-program'
  | 'functions-table'
  | 'vgpus-program'
  | 'vgpus-table';

/** A file on every node of the unit. */
export interface FileEffect {
  readonly kind: FileKind;
  readonly path: string;
}

/** A systemd unit on every node of the unit: what makes virtual functions, what binds and what makes vGPUs before kubelet, what compares afterwards. */
export interface UnitEffect {
  readonly kind: 'functions' | 'vgpus' | 'bind' | 'verify';
  readonly name: string;
}

/** What must be true before or after, in words: what nothing here can bring about, and what shows that it worked. */
export interface Condition {
  readonly kind:
    | 'iommu-in-firmware'
    | 'sriov-in-firmware'
    | 'vgpu-driver'
    | 'kernel-arguments'
    | 'functions'
    | 'vgpus'
    | 'bound'
    | 'kubelet';
  readonly text: string;
}

/** What node preparation does to every node of a unit, before any platform's form. */
export interface Effects {
  /** In the order in which they are emitted; appended to, never re-sorted, because the order is compared on the node. */
  readonly kernelArguments: readonly KernelArgumentEffect[];
  /** Kernel modules loaded at boot. */
  readonly modules: readonly string[];
  /** Options of vfio-pci: ids that it claims by itself, sorted. */
  readonly ids: readonly PciId[];
  /** Modules that must not load before vfio-pci, sorted; only where ids are used. */
  readonly softDependencies: readonly string[];
  /** Functions bound by address, sorted by scope and address. */
  readonly rows: readonly BindingRow[];
  /** Virtual functions made on the node, sorted by scope and id. */
  readonly virtualFunctions: readonly VirtualFunctionsRow[];
  /** vGPUs made on the node, sorted by scope; those of one node in the order in which the fleet lists them, which is that of making them. */
  readonly vgpus: readonly VgpusRow[];
  /** Those of `rows` and those bound by id, function by function on the nodes that are known; natural order. */
  readonly bindings: readonly BindingEffect[];
  /** By field, in the order in which they were asked for; one entry per field. */
  readonly kubelet: readonly KubeletSetting[];
  readonly files: readonly FileEffect[];
  readonly units: readonly UnitEffect[];
  /** What has to be true before any of it works. */
  readonly preconditions: readonly Condition[];
  /** What is true once it has worked. */
  readonly postconditions: readonly Condition[];
}
