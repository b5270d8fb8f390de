import { Construct } from 'constructs';
import type { JsonObject, VgpuFramework } from '../model';
import type { CodePlace } from '../source';
import { brand, hasBrand } from './brand';
import { definedEntries } from './defined-entries';
import { DevicePlugin } from './device-plugin';
import { Fleet } from './fleet';
import { constructorCaller } from './place';
import { constructId, type Declared } from './registry';

/** Which device plugin serves a device. */
export type DevicePluginProp = 'kubevirt' | 'nvidia' | 'none' | DevicePlugin;

/** Properties that every device has. */
export interface DeviceProps {
  /**
   * The device's name in the fleet.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * The extended resource, `vendor.com/product`.
   *
   * @default - derived where the plugin that serves it names it (NVIDIA's does, from the names in the inventory)
   */
  readonly resourceName?: string;
  /**
   * KubeVirt only permits the resource, another device plugin serves it.
   *
   * @default - true when `devicePlugin` is another one than KubeVirt's own
   */
  readonly externalResourceProvider?: boolean;
  /**
   * Who serves it: KubeVirt, NVIDIA's plugin deployed by this fleet, a {@link DevicePlugin}, or `none`: somebody else's.
   *
   * @default - kubevirt; none with `externalResourceProvider`
   */
  readonly devicePlugin?: DevicePluginProp;
}

/** A driver of dynamic resource allocation that hands a device to claims. */
export interface DraProps {
  /** Its name: `gpu.nvidia.com`. */
  readonly driver: string;
  /** The DeviceClass that its devices are in: `vfio.gpu.nvidia.com`. */
  readonly deviceClassName: string;
  /**
   * Its own feature gates that are on: `['PassthroughSupport', 'DeviceMetadata']`.
   *
   * @default - not known
   */
  readonly driverFeatureGates?: readonly string[];
}

/** Properties of {@link PciDevice}. */
export interface PciDeviceProps extends DeviceProps {
  /** `vendor:device` as typed, any of them: `['10de:1eb8']`. */
  readonly selectors: readonly string[];
  /**
   * How it comes to VMs: `dra` is through claims, which need `dra` as well.
   *
   * @default device-plugin
   */
  readonly allocation?: 'device-plugin' | 'dra';
  /**
   * The driver of dynamic resource allocation.
   *
   * @default - none
   */
  readonly dra?: DraProps;
}

/** Properties of {@link MediatedDevice}. */
export interface MediatedDeviceProps extends DeviceProps {
  /** The type's name as the driver prints it: `GRID T4-1Q`. */
  readonly typeName: string;
  /**
   * The type's directory in sysfs: `nvidia-222`.
   *
   * @default - unknown: the name is used where KubeVirt takes either
   */
  readonly typeId?: string;
  /**
   * `vendor:device` of the functions that it is made from.
   *
   * @default - unknown
   */
  readonly parent?: string;
}

/** Properties of {@link VgpuDevice}. */
export interface VgpuDeviceProps extends DeviceProps {
  /** The type's name as the driver prints it: `NVIDIA L40S-4Q`. */
  readonly type: string;
  /** `vendor:device` of the card that it is made from. */
  readonly parent: string;
  /**
   * How the driver makes them: mediated devices, or virtual functions under the vendor's driver.
   *
   * @default - as the inventory shows; where it does not, that is an error
   */
  readonly framework?: VgpuFramework;
}

/** Properties of {@link UsbDevice}. */
export interface UsbDeviceProps extends DeviceProps {
  /** All of them together are one device, as KubeVirt spells it. */
  readonly selectors: readonly { readonly vendor: string; readonly product: string }[];
}

/** What may be handed to VMs. */
export abstract class HostDevice extends Construct implements Declared {
  /** The device's name in the fleet. */
  readonly name: string;
  /** @internal */
  readonly _place: CodePlace;
  private readonly common: DeviceProps;

  /** Registers the device with its fleet. */
  protected constructor(scope: Construct, id: string, props: DeviceProps, place: CodePlace) {
    super(Fleet.isFleet(scope) ? scope._registry.scope('devices') : scope, constructId(id));
    brand(this, 'HostDevice');
    this.name = props.name ?? id;
    this._place = place;
    this.common = props;
    const fleet = Fleet.of(this);
    fleet._registry.add('devices', this.name, this);
    fleet._touch();
  }

  /** Whether a value is a device, also one made by another loaded copy of this package. */
  static isHostDevice(value: unknown): value is HostDevice {
    return hasBrand(value, 'HostDevice');
  }

  /** @internal */
  _value(): JsonObject {
    const { devicePlugin } = this.common;
    return definedEntries({
      // keys that no property knows go along: the loader reports them, as it does for YAML
      ...this._document(),
      name: undefined,
      devicePlugin: DevicePlugin.isDevicePlugin(devicePlugin) ? devicePlugin.name : devicePlugin,
    });
  }

  /** @internal Whether claims bring it to VMs. */
  _isClaimed(): boolean {
    // of all kinds of devices one says how it is allocated
    return (this.common as PciDeviceProps).allocation === 'dra';
  }

  /** @internal The properties as the fleet document spells them. */
  protected abstract _document(): Readonly<Record<string, unknown>>;
}

/**
 * PCI functions handed over whole.
 *
 * @example
 * new PciDevice(fleet, 'nvme', { selectors: ['8086:5845'], resourceName: 'devices.kubevirt.io/nvme' });
 */
export class PciDevice extends HostDevice {
  /** @internal A brand for the compiler: another kind of device is another type. */
  declare protected readonly _kind: 'pci';
  private readonly props: PciDeviceProps;

  /** Declares a device by its ids. */
  constructor(scope: Construct, id: string, props: PciDeviceProps) {
    super(scope, id, props, constructorCaller(new.target));
    this.props = props;
  }

  /** @internal */
  protected override _document(): Readonly<Record<string, unknown>> {
    const { selectors, ...rest } = this.props;
    return { ...rest, pci: selectors };
  }
}

/** A mediated device type: a share of a card that the vendor's driver makes. */
export class MediatedDevice extends HostDevice {
  /** @internal A brand for the compiler: another kind of device is another type. */
  declare protected readonly _kind: 'mdev';
  private readonly props: MediatedDeviceProps;

  /** Declares a type by its name. */
  constructor(scope: Construct, id: string, props: MediatedDeviceProps) {
    super(scope, id, props, constructorCaller(new.target));
    this.props = props;
  }

  /** @internal */
  protected override _document(): Readonly<Record<string, unknown>> {
    const { typeName, typeId, parent, ...rest } = this.props;
    return { ...rest, mdev: definedEntries({ name: typeName, typeId, parent }) };
  }
}

/**
 * A vGPU, whichever way the driver makes them: as mediated devices, or of virtual functions that it goes on driving.
 *
 * @example
 * new VgpuDevice(fleet, 'l40s-4q', { type: 'NVIDIA L40S-4Q', parent: '10de:26b9', resourceName: 'nvidia.com/L40S-4Q' });
 */
export class VgpuDevice extends HostDevice {
  /** @internal A brand for the compiler: another kind of device is another type. */
  declare protected readonly _kind: 'vgpu';
  private readonly props: VgpuDeviceProps;

  /** Declares a type of vGPU by its name. */
  constructor(scope: Construct, id: string, props: VgpuDeviceProps) {
    super(scope, id, props, constructorCaller(new.target));
    this.props = props;
  }

  /** @internal */
  protected override _document(): Readonly<Record<string, unknown>> {
    const { type, parent, framework, ...rest } = this.props;
    return { ...rest, vgpu: definedEntries({ type, parent, framework }) };
  }
}

/** USB devices, handed over together. */
export class UsbDevice extends HostDevice {
  /** @internal A brand for the compiler: another kind of device is another type. */
  declare protected readonly _kind: 'usb';
  private readonly props: UsbDeviceProps;

  /** Declares a device by vendor and product. */
  constructor(scope: Construct, id: string, props: UsbDeviceProps) {
    super(scope, id, props, constructorCaller(new.target));
    this.props = props;
  }

  /** @internal */
  protected override _document(): Readonly<Record<string, unknown>> {
    const { selectors, ...rest } = this.props;
    return { ...rest, usb: { selectors } };
  }
}
