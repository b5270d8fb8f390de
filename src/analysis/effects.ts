import type { BdfAddress, PciClass, PciId } from '../model';

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

/** What node preparation does to every node of a unit, before any platform's form. */
export interface Effects {
  /** In the order in which they are emitted; appended to, never re-sorted, because the order is compared on the node. */
  readonly kernelArguments: readonly KernelArgumentEffect[];
  /** Kernel modules loaded at boot. */
  readonly modules: readonly string[];
  /** Ids that vfio-pci claims by itself, sorted. */
  readonly ids: readonly PciId[];
  /** Modules that must not load before vfio-pci, sorted; only where ids are used. */
  readonly softDependencies: readonly string[];
  /** Functions bound by the program, sorted by scope and address. */
  readonly rows: readonly BindingRow[];
}
