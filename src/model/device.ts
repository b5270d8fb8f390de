import type { Place } from '../source';
import type { PciId } from './pci-id';

/**
 * Which device plugin advertises a resource: KubeVirt's own, NVIDIA's kubevirt-gpu-device-plugin deployed by this fleet,
 * another one deployed by this fleet under its name in `devicePlugins`, or `none`: somebody else deployed one.
 */
export type DevicePluginChoice =
  { readonly kind: 'kubevirt' | 'nvidia' | 'none' } | { readonly kind: 'named'; readonly name: string };

/** A `vendor:device` as it was typed, beside the form that virt-handler compares. */
export interface PciVendorSelector {
  /** As typed; emitted like this. */
  readonly text: string;
  /** In lower case; undefined when the text is malformed. */
  readonly id: PciId | undefined;
  readonly place: Place;
}

interface DeviceCommon {
  /** Its id in the fleet, `t4`. */
  readonly name: string;
  /** As declared; undefined when it is to be derived from the device plugin that serves it. */
  readonly resourceName: string | undefined;
  readonly externalResourceProvider: boolean;
  readonly devicePlugin: DevicePluginChoice;
  readonly place: Place;
}

/** That a driver of dynamic resource allocation hands a device to the VMs that claim it, instead of a device plugin. */
export interface DraAllocation {
  /** The driver's name, `gpu.nvidia.com`. */
  readonly driver: string;
  /** The DeviceClass that its devices are in, `vfio.gpu.nvidia.com`. */
  readonly deviceClassName: string;
  /** The driver's own feature gates that are on; undefined: nobody has said it. */
  readonly driverFeatureGates: readonly { readonly name: string; readonly place: Place }[] | undefined;
  readonly place: Place;
}

/** PCI functions handed over whole. */
export interface PciHostDevice extends DeviceCommon {
  readonly kind: 'pci';
  /** Undefined: a device plugin serves it. */
  readonly dra: DraAllocation | undefined;
  /** Any of them matches. */
  readonly selectors: readonly PciVendorSelector[];
}

/** A mediated device: a share of a card that the vendor's driver makes. */
export interface MediatedHostDevice extends DeviceCommon {
  readonly kind: 'mdev';
  /** The type's name as the file `name` in sysfs has it: `GRID T4-1Q`. */
  readonly typeName: string;
  /** Where the name is written. */
  readonly typeNamePlace: Place;
  /** The type's directory in `mdev_supported_types`: `nvidia-222`. */
  readonly typeId: string | undefined;
  /** The function that these are made from. */
  readonly parent: PciVendorSelector | undefined;
  /** Whether it was declared as a vGPU, under `vgpu` instead of `mdev`. */
  readonly isVgpu?: true;
}

/** How a driver makes vGPUs: as mediated devices, or of SR-IOV virtual functions that it goes on driving. */
export type VgpuFramework = 'mdev' | 'vendor-vfio';

/**
 * A vGPU that is not known to be a mediated device: a virtual function of a card, under the vendor's driver, with a vGPU type set.
 * One that is made as a mediated device is a {@link MediatedHostDevice}.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/nvidia.go
 */
export interface VgpuHostDevice extends DeviceCommon {
  readonly kind: 'vgpu';
  /** The type's name as the driver gives it: `NVIDIA L40S-4Q`. */
  readonly typeName: string;
  /** Where the name is written. */
  readonly typeNamePlace: Place;
  /** The card that it is made from. */
  readonly parent: PciVendorSelector;
  /** Undefined: neither the fleet nor the inventory says it, or inventories say different things. */
  readonly framework: 'vendor-vfio' | undefined;
  /** The ids of the card's virtual functions, as inventories show them; the card's own where none does. */
  readonly virtualFunctions: readonly PciVendorSelector[];
}

/** USB devices, all of the selectors together, as KubeVirt spells it. */
export interface UsbHostDevice extends DeviceCommon {
  readonly kind: 'usb';
  readonly selectors: readonly { readonly vendor: string; readonly product: string; readonly place: Place }[];
}

/** What may be handed to VMs. */
export type Device = PciHostDevice | MediatedHostDevice | VgpuHostDevice | UsbHostDevice;
