import type { Place } from '../source';
import type { BdfAddress } from './bdf-address';
import type { PciClass, PciId } from './pci-id';

/** Who made the node's CPUs, as far as the IOMMU's kernel arguments depend on it. */
export type CpuVendor = 'intel' | 'amd' | 'arm';

/**
 * What the host itself does with a device. `root-disk` holds the root file system; `other` is anything that people stated
 * in words.
 */
export type HostUseKind = 'root-disk' | 'boot' | 'swap' | 'container-storage' | 'management-nic' | 'console' | 'other';

/** One reason why the host depends on a PCI function. */
export interface HostUse {
  /** What the host does with it. */
  readonly kind: HostUseKind;
  /** The chain that shows it, or what people wrote: `/ on /dev/nvme0n1p2`, `Ceph OSD`. */
  readonly reason: string;
  /** Who says so. */
  readonly place: Place;
}

/** One PCI function as it was seen on a node. What the capture did not show is undefined: unknown, never guessed. */
export interface PciFunction {
  readonly address: BdfAddress;
  /** Class code, with the programming interface where the capture has it. */
  readonly class: PciClass | undefined;
  readonly id: PciId | undefined;
  /** Subsystem vendor and device. */
  readonly subsystem: PciId | undefined;
  /** Two hexadecimal digits. */
  readonly revision: string | undefined;
  /** Vendor and device in words, as pci.ids has them: `NVIDIA Corporation TU104GL [Tesla T4]`. */
  readonly name: string | undefined;
  readonly serial: string | undefined;
  /** The driver that was bound; null when it is known that none was. */
  readonly driver: string | null | undefined;
  /** The IOMMU group's number, unique within the node; null when it is known that there is none. */
  readonly iommuGroup: number | null | undefined;
  /** From 0; -1 is what the kernel says when the firmware does not tell. */
  readonly numaNode: number | undefined;
  /** Virtual functions that this physical function can have; undefined when it has no such capability or it is not known. */
  readonly totalVfs: number | undefined;
  /** Virtual functions that were enabled. */
  readonly numVfs: number | undefined;
  /** The physical function of this virtual function. */
  readonly physicalFunction: BdfAddress | undefined;
  /** Whether the firmware used it as the console; undefined when not known. */
  readonly bootVga: boolean | undefined;
  /** What the host uses it for: an empty list is known to be none, undefined is unknown. */
  readonly hostUse: readonly HostUse[] | undefined;
  readonly place: Place;
}

/** A node's hardware as a reviewed file. */
export interface NodeInventory {
  /** The Kubernetes Node's name. */
  readonly node: string;
  readonly place: Place;
  /** DMI product UUID in lower case: what a row of the binding table is keyed by. */
  readonly productUuid: string | undefined;
  /** What the node's kernel calls itself, where it differs from the Node's name. */
  readonly hostName: string | undefined;
  readonly cpuVendor: CpuVendor | undefined;
  /** As Kubernetes spells it: `amd64`, `arm64`, `s390x`. */
  readonly architecture: string | undefined;
  readonly kernelRelease: string | undefined;
  /** PCI functions by address. */
  readonly functions: readonly PciFunction[];
}
