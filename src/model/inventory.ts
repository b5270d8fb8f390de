import { placeAt, type Place } from '../source';
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
  /** An import read it off the machine, so the next one replaces it; people's own statements are never replaced. */
  readonly observed?: true;
  /** Who says so. */
  readonly place: Place;
}

/**
 * A range of bus addresses that the IOMMU keeps for something else. `direct` is memory that the firmware goes on using
 * (RMRR): a group that has one cannot be handed to a guest. `direct-relaxable` does not stand in the way.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/Documentation/ABI/testing/sysfs-kernel-iommu_groups
 */
export interface ReservedRegion {
  /** As the kernel spells it: `direct`, `direct-relaxable`, `reserved`. */
  readonly type: string;
  /** First and last address, hexadecimal without leading zeros: `0x7b800000`. */
  readonly start: string;
  readonly end: string;
}

/**
 * A type of mediated device or vGPU that a function can make.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/Documentation/driver-api/vfio-mediated-device.rst
 */
export interface VgpuType {
  /** The directory in `mdev_supported_types`, `nvidia-222`; without mdev the number that the driver takes, `1428`. */
  readonly id: string;
  /** `GRID T4-1Q`; undefined where the driver gives none. */
  readonly name: string | undefined;
  /** How many the function can have at once, when it has no other; undefined where it could not be told. */
  readonly instances: number | undefined;
}

/** Hugepages of one size on one NUMA node. */
export interface Hugepages {
  /** `2Mi`, `1Gi`. */
  readonly size: string;
  readonly count: number;
}

/** What belongs to one NUMA node. */
export interface NumaNode {
  /** From 0. */
  readonly node: number;
  /** As the kernel lists them: `0-15,32-47`; empty for a node without CPUs. */
  readonly cpus: string | undefined;
  readonly memoryMebibytes: number | undefined;
  readonly hugepages: readonly Hugepages[] | undefined;
}

/** A USB device that was plugged in. */
export interface UsbDevice {
  /** Where it is plugged in, as the kernel names it: bus and ports, `1-2.4`. */
  readonly port: string;
  /** Four hexadecimal digits. */
  readonly vendor: string | undefined;
  /** Four hexadecimal digits. */
  readonly product: string | undefined;
  readonly serial: string | undefined;
  /** What the device calls itself. */
  readonly name: string | undefined;
  /** The PCI function that drives its bus. */
  readonly controller: BdfAddress | undefined;
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
  /** What the driver's module calls its version; drivers of the kernel itself mostly have none. */
  readonly driverVersion: string | undefined;
  /** The IOMMU group's number, unique within the node; null when it is known that there is none. */
  readonly iommuGroup: number | null | undefined;
  /** What the IOMMU reserves in its group, interrupt windows left out, which every group has. */
  readonly reservedRegions: readonly ReservedRegion[] | undefined;
  /** From 0; -1 is what the kernel says when the firmware does not tell. */
  readonly numaNode: number | undefined;
  /** The functions that it hangs below, root port first. */
  readonly bridges: readonly BdfAddress[] | undefined;
  /** Ways to reset it, in the kernel's order: `flr`, `bus`; empty when there is none. */
  readonly resetMethods: readonly string[] | undefined;
  /** Virtual functions that this physical function can have; undefined when it has no such capability or it is not known. */
  readonly totalVfs: number | undefined;
  /** Virtual functions that were enabled. */
  readonly numVfs: number | undefined;
  /** The physical function of this virtual function. */
  readonly physicalFunction: BdfAddress | undefined;
  /** Mediated devices that its driver can make. */
  readonly mdevTypes: readonly VgpuType[] | undefined;
  /** vGPUs that its driver can make of it without mdev; they are shown by virtual functions. */
  readonly vgpuTypes: readonly VgpuType[] | undefined;
  /**
   * The id of the vGPU type that is set on a virtual function, `1428`; null when it is known that none is. KubeVirt's plugin takes a
   * function of driver `nvidia` only with one.
   *
   * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/nvidia.go
   */
  readonly currentVgpuType: string | null | undefined;
  /** Whether the firmware used it as the console; undefined when not known. */
  readonly bootVga: boolean | undefined;
  /** What the host uses it for: an empty list is known to be none, undefined is unknown. */
  readonly hostUse: readonly HostUse[] | undefined;
  readonly place: Place;
}

/** What identical machines have in common: everything but what tells one from another. */
export interface HardwareFacts {
  readonly cpuVendor: CpuVendor | undefined;
  /** As Kubernetes spells it: `amd64`, `arm64`, `s390x`. */
  readonly architecture: string | undefined;
  readonly kernelRelease: string | undefined;
  /** The kernel's command line, word by word in its order; values that may be secret are `<redacted>`. */
  readonly kernelArguments: readonly string[] | undefined;
  /** Whether the kernel had made IOMMU groups. */
  readonly iommuEnabled: boolean | undefined;
  /** Whether vfio-pci is part of the kernel, so that options in modprobe.d do not reach it. */
  readonly vfioPciBuiltIn: boolean | undefined;
  /** Whether the kernel has `/dev/vfio/devices` (CONFIG_VFIO_DEVICE_CDEV). */
  readonly vfioDeviceCdev: boolean | undefined;
  /** By number. */
  readonly numaNodes: readonly NumaNode[] | undefined;
  /** PCI functions by address. */
  readonly functions: readonly PciFunction[];
  /** By port, hubs left out; an empty list is known to be none. */
  readonly usbDevices: readonly UsbDevice[] | undefined;
}

/** A file that identical machines share. */
export interface NodeHardware extends HardwareFacts {
  /** `r750-t4`: what a node's inventory calls it, and the name of its file. */
  readonly name: string;
  readonly place: Place;
}

/** Which shared hardware an inventory is made from. */
export interface HardwareReference {
  /** `r750-t4`. */
  readonly name: string;
  /** The shared file's document. */
  readonly place: Place;
  /** Facts that the node's own file states instead. */
  readonly ownFacts: ReadonlySet<keyof HardwareFacts>;
}

/** A node's hardware as a reviewed file. */
export interface NodeInventory extends HardwareFacts {
  /** The Kubernetes Node's name. */
  readonly node: string;
  readonly place: Place;
  /** DMI product UUID in lower case: what a row of the binding table is keyed by. */
  readonly productUuid: string | undefined;
  /** What the node's kernel calls itself, where it differs from the Node's name. */
  readonly hostName: string | undefined;
  /** Where the rest of it stands; left out where the node's file holds everything. */
  readonly hardware?: HardwareReference;
}

/** Where an inventory states a fact of the machine: in the node's file, or in the hardware that it shares. */
export function factPlace({ place, hardware }: NodeInventory, key: keyof HardwareFacts): Place {
  return placeAt(hardware === undefined || hardware.ownFacts.has(key) ? place : hardware.place, 'spec', key);
}
