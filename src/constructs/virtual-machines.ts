import { Construct } from 'constructs';
import type { VirtualMachineInstanceSpec, VirtualMachineSpec } from '../kubevirt';
import { virtualMachineKey } from '../manifests';
import type { JsonObject, VirtualMachineKind } from '../model';
import type { CodePlace, Place } from '../source';
import { brand, hasBrand } from './brand';
import { definedEntries } from './declaration';
import type { HostDevice, MediatedDevice, PciDevice } from './devices';
import { Fleet } from './fleet';
import type { FleetObject } from './fleet-object';
import type { NodePool } from './node-pool';
import { callerOf } from './place';
import { constructId, type Declared } from './registry';

/** Properties that every VM has. */
export interface VirtualMachineInstanceProps {
  /**
   * The object's name.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /** @default default */
  readonly namespace?: string;
  /**
   * Labels and annotations.
   *
   * @default - none
   */
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /**
   * The Node that it must run on.
   *
   * @default - any
   */
  readonly node?: string;
  /**
   * The pool that it must run in.
   *
   * @default - any
   */
  readonly pool?: NodePool;
  /** The VirtualMachineInstance's spec, as KubeVirt spells it. */
  readonly spec: VirtualMachineInstanceSpec;
}

/** Properties of {@link VirtualMachine}. */
export interface VirtualMachineProps extends VirtualMachineInstanceProps {
  /**
   * When the VM runs.
   *
   * @default - Always
   */
  readonly runStrategy?: string;
  /** @default - none */
  readonly instancetype?: VirtualMachineSpec['instancetype'];
  /** @default - none */
  readonly preference?: VirtualMachineSpec['preference'];
  /** @default - none */
  readonly dataVolumeTemplates?: VirtualMachineSpec['dataVolumeTemplates'];
}

/** Fields of KubeVirt's own entry besides name and device. */
export interface GpuOptions {
  /** @default - KubeVirt's: the first mediated device gets a display */
  readonly virtualGPUOptions?: JsonObject;
}

/** Fields of KubeVirt's own entry besides name and device. */
export interface HostDeviceOptions {
  /**
   * Handed to the guest with the device's metadata.
   *
   * @default - none
   */
  readonly tag?: string;
}

interface Request {
  readonly value: JsonObject;
  readonly place: CodePlace;
}

abstract class Machine extends Construct implements Declared {
  /** The object. */
  readonly apiObject: FleetObject;
  /** @internal */
  readonly _place: CodePlace;
  private readonly fleet: Fleet;
  private readonly kind: VirtualMachineKind;
  private readonly props: VirtualMachineProps;
  private readonly requests: { readonly list: 'gpus' | 'hostDevices'; readonly request: Request }[] = [];

  protected constructor(
    scope: Construct,
    id: string,
    kind: VirtualMachineKind,
    props: VirtualMachineProps,
    place: CodePlace,
  ) {
    super(Fleet.isFleet(scope) ? scope._registry.scope('vms') : scope, constructId(id));
    brand(this, kind);
    this._place = place;
    this.kind = kind;
    this.props = props;
    this.fleet = Fleet.of(this);
    const { name = id, namespace = 'default' } = props;
    this.fleet._registry.add('virtualMachines', id, this);
    this.apiObject = this.fleet._object(this, 'Resource', virtualMachineKey(kind, namespace, name), {
      apiVersion: 'kubevirt.io/v1',
      kind,
      name,
      namespace,
    });
    this.fleet._touch();
  }

  /** Asks for a GPU: a PCI device or a mediated device. */
  addGpu(name: string, device: PciDevice | MediatedDevice, options: GpuOptions = {}): void {
    this.request('gpus', name, device, { ...options }, callerOf(this.addGpu as (...args: never[]) => unknown));
  }

  /** Asks for any other device. */
  addHostDevice(name: string, device: HostDevice, options: HostDeviceOptions = {}): void {
    this.request(
      'hostDevices',
      name,
      device,
      { ...options },
      callerOf(this.addHostDevice as (...args: never[]) => unknown),
    );
  }

  /** @internal */
  _value(): JsonObject {
    const { pool, spec, name, namespace, metadata, node, runStrategy, instancetype, preference, dataVolumeTemplates } =
      this.props;
    const list = (which: 'gpus' | 'hostDevices'): JsonObject[] | undefined => {
      const values = this.requests.filter((entry) => entry.list === which).map(({ request }) => request.value);
      return values.length === 0 ? undefined : values;
    };
    return definedEntries({
      kind: this.kind,
      name,
      namespace,
      metadata,
      node,
      pool: pool?.name,
      gpus: list('gpus'),
      hostDevices: list('hostDevices'),
      spec,
      runStrategy,
      instancetype,
      preference,
      dataVolumeTemplates,
    });
  }

  /** @internal */
  _places(): { readonly path: readonly (string | number)[]; readonly place: Place }[] {
    const counts = { gpus: 0, hostDevices: 0 };
    return this.requests.map(({ list, request }) => ({ path: [list, counts[list]++], place: request.place }));
  }

  private request(
    list: 'gpus' | 'hostDevices',
    name: string,
    device: HostDevice,
    options: Record<string, unknown>,
    place: CodePlace,
  ): void {
    this.requests.push({ list, request: { value: { name, device: device.name, ...definedEntries(options) }, place } });
    this.fleet._touch();
  }
}

/**
 * A VirtualMachine: a VM that KubeVirt keeps in the state that its `runStrategy` says.
 *
 * @example
 * const vm = new VirtualMachine(fleet, 'train-1', { pool: gpus, spec: { domain: { devices: {}, memory: { guest: '16Gi' } } } });
 * vm.addGpu('gpu1', t4);
 */
export class VirtualMachine extends Machine {
  /** Declares a VM without devices. */
  constructor(scope: Construct, id: string, props: VirtualMachineProps) {
    super(scope, id, 'VirtualMachine', props, callerOf(new.target as unknown as (...args: never[]) => unknown));
  }

  /** Whether a value is one, also of another loaded copy of this package. */
  static isVirtualMachine(value: unknown): value is VirtualMachine {
    return hasBrand(value, 'VirtualMachine');
  }
}

/** A VirtualMachineInstance: one run of a VM. */
export class VirtualMachineInstance extends Machine {
  /** Declares an instance without devices. */
  constructor(scope: Construct, id: string, props: VirtualMachineInstanceProps) {
    super(scope, id, 'VirtualMachineInstance', props, callerOf(new.target as unknown as (...args: never[]) => unknown));
  }

  /** Whether a value is one, also of another loaded copy of this package. */
  static isVirtualMachineInstance(value: unknown): value is VirtualMachineInstance {
    return hasBrand(value, 'VirtualMachineInstance');
  }
}
