import { Construct } from 'constructs';
import type {
  CpuVendor,
  JsonObject,
  JsonValue,
  MediatedDeviceCreator,
  NodePlatform,
  Taint,
  VirtualFunctionCreator,
} from '../model';
import { displayPath } from '../files';
import type { CodePlace, Place } from '../source';
import { brand, hasBrand } from './brand';
import { definedEntries } from './defined-entries';
import { workingFolder } from './environment';
import type { HostDevice, MediatedDevice, PciDevice, UsbDevice, VgpuDevice } from './devices';
import { Fleet } from './fleet';
import type { FleetObject } from './fleet-object';
import { constructorCaller, methodCaller } from './place';
import { constructId, type Declared } from './registry';
import { preparationObjects } from './unit-objects';

/** Properties of {@link NodePool}. */
export interface NodePoolProps {
  /**
   * The pool's name in the fleet.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /** Names of Kubernetes Nodes. */
  readonly nodes: readonly string[];
  /**
   * Labels that select exactly these nodes, used everywhere.
   *
   * @default - `kubernetes.io/hostname` terms
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Who made the CPUs: decides the IOMMU's kernel arguments.
   *
   * @default - what the inventory says
   */
  readonly cpuVendor?: CpuVendor;
  /**
   * What takes the preparation of these nodes.
   *
   * @default - the cluster's
   */
  readonly nodePlatform?: NodePlatform;
  /**
   * The version of that platform: `4.20`, `1.12`.
   *
   * @default - the cluster's, where the platform is the cluster's
   */
  readonly nodePlatformVersion?: string;
  /**
   * OpenShift: `worker`, `master`, or a custom pool that is emitted.
   *
   * @default - the pool's name
   */
  readonly machineConfigPool?: string;
  /**
   * How many nodes may be down at once while the pool rolls: a count or a percentage, `1`, `10%`.
   *
   * @default - the Machine Config Operator's: 1
   */
  readonly maxUnavailable?: number | string;
  /**
   * Names of existing MachineConfigs to keep. What such an object among the live ones (`current` of the fleet) does already as the
   * fleet asks stays as it is written there.
   *
   * @default - `100-<machine config pool>-iommu` and `100-<machine config pool>-vfiopci`
   */
  readonly machineConfigNames?: { readonly kernelArguments?: string; readonly vfio?: string };
  /**
   * Kernel arguments of the IOMMU: `pt` adds `iommu=pt`; `intelArgument: 'omit'` leaves out `intel_iommu=on` where
   * something else turns the IOMMU on; `amdArgument: 'omit'` leaves out `amd_iommu=on`, which the kernel ignores.
   *
   * @default - no `iommu=pt`; `intel_iommu=on` on Intel; `amd_iommu=on` on AMD, as the guides print it
   */
  readonly iommu?: {
    readonly pt?: boolean;
    readonly intelArgument?: 'emit' | 'omit';
    readonly amdArgument?: 'emit' | 'omit';
  };
  /**
   * Further kernel arguments, in this order.
   *
   * @default - none
   */
  readonly kernelArguments?: readonly string[];
  /**
   * Hugepages that the kernel takes when it starts, in this order: `[{ size: '1Gi', count: 64 }]`.
   *
   * @default - none
   */
  readonly hugepages?: readonly HugepagesProps[];
  /**
   * Settings of the kubelet by kubelet's own field names: `{ topologyManagerPolicy: 'restricted' }`.
   *
   * @default - none
   */
  readonly kubelet?: JsonObject;
  /**
   * Talos: the file of the Image Factory schematic that kernel arguments are added to.
   *
   * @default - the cluster's
   */
  readonly talosSchematic?: string;
  /**
   * OpenShift: the name of a PerformanceProfile that sets the kubelet and the kernel of these nodes; nothing is written for it.
   *
   * @default - none
   */
  readonly performanceProfile?: string;
  /**
   * Taints of the nodes, tolerated by what the fleet deploys on them.
   *
   * @default - none
   */
  readonly taints?: readonly TaintProps[];
}

/** Hugepages of one size. */
export interface HugepagesProps {
  /** As Kubernetes names the resource: `2Mi`, `1Gi`. */
  readonly size: string;
  /** How many on the whole node. */
  readonly count: number;
}

/** A taint as Kubernetes spells it. */
export interface TaintProps {
  readonly key: string;
  /** @default - none */
  readonly value?: string;
  readonly effect: Taint['effect'];
}

/** Options of {@link NodePool.passThrough}. */
export interface PassThroughOptions {
  /**
   * Which functions: on every node of the pool alike, or node by node: `['0000:5e:00.0']`, `{ node03: ['0000:5e:00.0'] }`.
   *
   * @default - every function that the device's selectors match
   */
  readonly addresses?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /**
   * How they come to vfio-pci; `external`: somebody else binds them.
   *
   * @default auto
   */
  readonly binding?: 'auto' | 'id' | 'address' | 'external';
  /**
   * Ids or addresses bound with the group but never permitted.
   *
   * @default - functions of the same slot of class 0403, 0c03 and 0c80
   */
  readonly companions?: readonly string[];
  /**
   * Rules that someone has read and accepts here, with the reason, by slug.
   *
   * @default - none
   */
  readonly acknowledge?: Readonly<Record<string, string>>;
}

/** Options of {@link NodePool.createMediatedDevices} and {@link NodePool.offerVgpus}. */
export interface MediatedDeviceOptions {
  /**
   * Who makes them; `host`: node preparation, at every boot.
   *
   * @default - kubevirt; host for vGPUs that are no mediated devices
   */
  readonly createdBy?: MediatedDeviceCreator;
  /**
   * How many there are on each node, where virt-handler does not make them.
   *
   * @default - as many as fit where the host makes them, else not known
   */
  readonly count?: number;
}

/** Options of {@link NodePool.createVirtualFunctions}. */
export interface VirtualFunctionOptions {
  /** `vendor:device` of the cards' physical functions. */
  readonly parent: string;
  /** How many each card gets, from 1. */
  readonly numVfs: number;
  /**
   * Who makes them: node preparation at boot, or an operator of somebody else's.
   *
   * @default host
   */
  readonly createdBy?: VirtualFunctionCreator;
}

/** What the host itself uses and no VM may get. */
export interface HostUseOptions {
  /** PCI addresses: `['0000:5f:00.0']`. */
  readonly addresses: readonly string[];
  /**
   * On these nodes.
   *
   * @default - every node of the pool
   */
  readonly nodes?: readonly string[];
  /** What for: `boot disk`, `Ceph OSD`. */
  readonly reason: string;
}

interface Entry {
  readonly value: JsonObject | string;
  readonly place: CodePlace;
}

/**
 * Nodes that are prepared alike.
 *
 * @example
 * const storage = new NodePool(fleet, 'storage', { nodes: ['node03'], cpuVendor: 'intel' });
 * storage.passThrough(nvme, { addresses: ['0000:5e:00.0'] });
 */
export class NodePool extends Construct implements Declared {
  /** The pool's name in the fleet. */
  readonly name: string;
  /** The MachineConfig with the kernel arguments; renders as nothing when there are none. */
  readonly kernelArguments: FleetObject;
  /** The MachineConfig that binds devices; shared by the pools of one MachineConfigPool. */
  readonly machineConfig: FleetObject;
  /** The KubeletConfig; renders as nothing where nobody asks the kubelet for anything. */
  readonly kubeletConfig: FleetObject;
  /** The MachineConfigPool; renders as nothing for `worker` and `master`. */
  readonly machineConfigPool: FleetObject;
  /** @internal */
  readonly _place: CodePlace;
  private readonly props: NodePoolProps;
  private readonly fleet: Fleet;
  private readonly lists: Readonly<Record<'passthrough' | 'mediatedDevices' | 'sriov' | 'usb' | 'hostUse', Entry[]>> = {
    passthrough: [],
    mediatedDevices: [],
    sriov: [],
    usb: [],
    hostUse: [],
  };

  /** Declares a pool without devices. */
  constructor(scope: Construct, id: string, props: NodePoolProps) {
    super(Fleet.isFleet(scope) ? scope._registry.scope('pools') : scope, constructId(id));
    brand(this, 'NodePool');
    this.name = props.name ?? id;
    this.props = props;
    this._place = constructorCaller(new.target);
    this.fleet = Fleet.of(this);
    this.fleet._registry.add('nodePools', this.name, this);
    const objects = preparationObjects(
      this.fleet,
      props.machineConfigPool ?? this.name,
      props.machineConfigNames ?? {},
    );
    this.kernelArguments = objects.kernelArguments;
    this.machineConfig = objects.vfio;
    this.kubeletConfig = objects.kubelet;
    this.machineConfigPool = objects.machineConfigPool;
    this.fleet._touch();
  }

  /** Whether a value is a pool, also one made by another loaded copy of this package. */
  static isNodePool(value: unknown): value is NodePool {
    return hasBrand(value, 'NodePool');
  }

  /**
   * Hands a PCI device to VMs on the pool's nodes.
   *
   * @throws Error when the device is another fleet's.
   */
  passThrough(device: PciDevice, options: PassThroughOptions = {}): void {
    const place = methodCaller();
    this.add('passthrough', { ...definedEntries({ ...options }), device: this.nameOf(device) }, place);
  }

  /**
   * Has mediated devices of a type on the pool's nodes.
   *
   * @throws Error when the device is another fleet's.
   */
  createMediatedDevices(device: MediatedDevice, options: MediatedDeviceOptions = {}): void {
    const place = methodCaller();
    this.add(
      'mediatedDevices',
      { createdBy: 'kubevirt', ...definedEntries({ ...options }), device: this.nameOf(device) },
      place,
    );
  }

  /**
   * Has vGPUs of a type on the pool's nodes.
   *
   * @throws Error when the device is another fleet's.
   */
  offerVgpus(device: VgpuDevice, options: MediatedDeviceOptions = {}): void {
    const place = methodCaller();
    this.add('mediatedDevices', { ...definedEntries({ ...options }), device: this.nameOf(device) }, place);
  }

  /** Has virtual functions of the cards with one id on the pool's nodes. */
  createVirtualFunctions(options: VirtualFunctionOptions): void {
    const place = methodCaller();
    this.add('sriov', definedEntries({ ...options }), place);
  }

  /**
   * States that the pool's nodes hold a USB device.
   *
   * @throws Error when the device is another fleet's.
   */
  offerUsb(device: UsbDevice): void {
    this.add('usb', this.nameOf(device), methodCaller());
  }

  /** Keeps functions on the host: nothing that the fleet emits may take them. */
  keepOnHost(options: HostUseOptions): void {
    const place = methodCaller();
    this.add('hostUse', definedEntries({ ...options }), place);
  }

  /** @internal */
  _value(): JsonObject {
    const { nodes, talosSchematic, ...rest } = this.props;
    const schematic = talosSchematic === undefined ? undefined : displayPath(talosSchematic, workingFolder());
    const lists = Object.entries(this.lists)
      .filter(([, entries]) => entries.length > 0)
      .map(([list, entries]): [string, JsonValue] => [list, entries.map(({ value }) => value)]);
    return {
      ...definedEntries({ ...rest, nodes, talosSchematic: schematic, name: undefined }),
      ...Object.fromEntries(lists),
    };
  }

  /** @internal */
  _placeOf([list = '', index]: readonly (string | number)[]): Place | undefined {
    return Object.hasOwn(this.lists, list)
      ? this.lists[list as keyof NodePool['lists']][Number(index)]?.place
      : undefined;
  }

  private nameOf(device: HostDevice): string {
    return this.fleet._ownDevice(device).name;
  }

  private add(list: keyof NodePool['lists'], value: JsonObject | string, place: CodePlace): void {
    this.lists[list].push({ value, place });
    this.fleet._touch();
  }
}
