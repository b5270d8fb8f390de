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

/** PCI functions handed over whole. */
export interface PciHostDevice extends DeviceCommon {
  readonly kind: 'pci';
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
}

/** USB devices, all of the selectors together, as KubeVirt spells it. */
export interface UsbHostDevice extends DeviceCommon {
  readonly kind: 'usb';
  readonly selectors: readonly { readonly vendor: string; readonly product: string; readonly place: Place }[];
}

/** What may be handed to VMs. */
export type Device = PciHostDevice | MediatedHostDevice | UsbHostDevice;
