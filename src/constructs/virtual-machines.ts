import { Construct } from 'constructs';
import { claimNames } from '../kubevirt';
import { displayPath } from '../files';
import { claimKey, virtualMachineKey } from '../manifests';
import { jsonAt, type JsonObject, type VirtualMachineKind } from '../model';
import type { CodePlace, Place } from '../source';
import { brand, hasBrand } from './brand';
import { definedEntries } from './defined-entries';
import { workingFolder } from './environment';
import type { HostDevice, MediatedDevice, PciDevice, VgpuDevice } from './devices';
import { Fleet } from './fleet';
import type { FleetObject } from './fleet-object';
import { constructorCaller, methodCaller } from './place';
import { constructId, type Declared } from './registry';
import type {
  GpuOptions,
  HostDeviceOptions,
  VirtualMachineInstanceProps,
  VirtualMachineInstanceReplicaSetProps,
  VirtualMachinePoolProps,
  VirtualMachineProps,
} from './virtual-machine-props';

type RequestList = 'gpus' | 'hostDevices';

interface Request {
  readonly list: RequestList;
  readonly value: JsonObject;
  readonly place: CodePlace;
  /** The entry's name, where claims bring its device. */
  readonly claimedAs: string | undefined;
}

abstract class Machine extends Construct implements Declared {
  /** What is written for this VM; patch it here. */
  readonly apiObject: FleetObject;
  /** @internal */
  readonly _place: CodePlace;
  private readonly fleet: Fleet;
  private readonly kind: VirtualMachineKind;
  private readonly props: VirtualMachinePoolProps;
  private requests: readonly Request[] = [];
  /** Undefined where the name is the entry's own. */
  private readonly declaredName: string | undefined;
  private readonly objectName: string;

  protected constructor(
    scope: Construct,
    id: string,
    kind: VirtualMachineKind,
    props: VirtualMachinePoolProps,
    place: CodePlace,
  ) {
    super(Fleet.isFleet(scope) ? scope._registry.scope('vms') : scope, constructId(id));
    this._place = place;
    this.kind = kind;
    this.props = props;
    this.fleet = Fleet.of(this);
    const { name = id, namespace = 'default' } = props;
    // one id may stand for a VM in several scopes: what tells them apart is the way from the fleet to the VM
    const entry = Fleet.isFleet(scope)
      ? id
      : this.node.path.slice(this.fleet.node.path.length + 1).replaceAll('/', '.');
    this.objectName = name;
    this.declaredName = entry === id ? props.name : name;
    this.fleet._registry.add('virtualMachines', entry, this);
    this.apiObject = this.fleet._object(this, 'Resource', virtualMachineKey(kind, namespace, name), {
      apiVersion: this.fleet._apiVersionOf(kind),
      kind,
      name,
      namespace,
    });
    this.fleet._touch();
  }

  /**
   * Asks for a GPU: a PCI device or a mediated device.
   *
   * @throws Error when the device is another fleet's.
   */
  addGpu(name: string, device: PciDevice | MediatedDevice | VgpuDevice, options: GpuOptions = {}): void {
    this.request('gpus', name, device, options, methodCaller());
  }

  /**
   * Asks for any other device.
   *
   * @throws Error when the device is another fleet's.
   */
  addHostDevice(name: string, device: HostDevice, options: HostDeviceOptions = {}): void {
    this.request('hostDevices', name, device, options, methodCaller());
  }

  /** @internal */
  _value(): JsonObject {
    const list = (which: RequestList): JsonObject[] | undefined => {
      const values = this.requestsIn(which).map(({ value }) => value);
      return values.length === 0 ? undefined : values;
    };
    return definedEntries(this.props, {
      kind: this.kind,
      name: this.declaredName,
      pool: this.props.pool?.name,
      manifest: this.props.manifest === undefined ? undefined : displayPath(this.props.manifest, workingFolder()),
      gpus: list('gpus'),
      hostDevices: list('hostDevices'),
    });
  }

  /** @internal */
  _placeOf([list, index]: readonly (string | number)[]): Place | undefined {
    return list === 'gpus' || list === 'hostDevices' ? this.requestsIn(list)[Number(index)]?.place : undefined;
  }

  private requestsIn(list: RequestList): Request[] {
    return this.requests.filter((request) => request.list === list);
  }

  private request(
    list: RequestList,
    name: string,
    device: HostDevice,
    options: GpuOptions | HostDeviceOptions,
    place: CodePlace,
  ): void {
    // a list of its exact length: thousands of VMs hold one
    const value = definedEntries(options);
    value['name'] = name;
    value['device'] = this.fleet._ownDevice(device).name;
    const isClaimed = device._isClaimed();
    this.requests = this.requests.concat({ list, value, place, claimedAs: isClaimed ? name : undefined });
    this.fleet._touch();
    if (isClaimed) this.addClaims();
  }

  /** The objects of claims exist as soon as they are asked for, or nobody could patch them. */
  private addClaims(): void {
    const claimed = [...this.requestsIn('gpus'), ...this.requestsIn('hostDevices')].flatMap(({ value, claimedAs }) =>
      claimedAs === undefined ? [] : [{ value, entry: claimedAs }],
    );
    const { namespace = 'default' } = this.props;
    const names = claimNames(claimed.map(({ entry }) => entry));
    claimed.forEach(({ value }, i) => {
      const id = `Claim-${names[i] ?? ''}`;
      if (this.node.tryFindChild(id) !== undefined) return;
      const name = `${this.objectName}-${names[i] ?? ''}`;
      this.fleet._object(this, id, claimKey(namespace, name), {
        apiVersion: this.fleet._claimApiVersion(),
        kind: jsonAt(value, 'claim', 'kind') === 'claim' ? 'ResourceClaim' : 'ResourceClaimTemplate',
        name,
        namespace,
      });
    });
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
  static {
    brand(this.prototype, 'VirtualMachine');
  }

  /** Declares a VM without devices. */
  constructor(scope: Construct, id: string, props: VirtualMachineProps) {
    super(scope, id, 'VirtualMachine', props, constructorCaller(new.target, CLASSES.VirtualMachine));
  }

  /** Whether a value is one, also of another loaded copy of this package. */
  static isVirtualMachine(value: unknown): value is VirtualMachine {
    return hasBrand(value, 'VirtualMachine');
  }
}

/** A VirtualMachineInstance: one run of a VM. */
export class VirtualMachineInstance extends Machine {
  static {
    brand(this.prototype, 'VirtualMachineInstance');
  }

  /** Declares an instance without devices. */
  constructor(scope: Construct, id: string, props: VirtualMachineInstanceProps) {
    super(scope, id, 'VirtualMachineInstance', props, constructorCaller(new.target, CLASSES.VirtualMachineInstance));
  }

  /** Whether a value is one, also of another loaded copy of this package. */
  static isVirtualMachineInstance(value: unknown): value is VirtualMachineInstance {
    return hasBrand(value, 'VirtualMachineInstance');
  }
}

/**
 * A VirtualMachinePool: a number of like VirtualMachines.
 *
 * @example
 * const workers = new VirtualMachinePool(fleet, 'render', { replicas: 4, pool: gpus, spec: { domain: { devices: {}, memory: { guest: '16Gi' } } } });
 * workers.addGpu('gpu1', t4);
 */
export class VirtualMachinePool extends Machine {
  static {
    brand(this.prototype, 'VirtualMachinePool');
  }

  /** Declares a pool of VMs without devices. */
  constructor(scope: Construct, id: string, props: VirtualMachinePoolProps) {
    super(scope, id, 'VirtualMachinePool', props, constructorCaller(new.target, CLASSES.VirtualMachinePool));
  }

  /** Whether a value is one, also of another loaded copy of this package. */
  static isVirtualMachinePool(value: unknown): value is VirtualMachinePool {
    return hasBrand(value, 'VirtualMachinePool');
  }
}

/** A VirtualMachineInstanceReplicaSet: a number of like instances, each replaced when it ends. */
export class VirtualMachineInstanceReplicaSet extends Machine {
  static {
    brand(this.prototype, 'VirtualMachineInstanceReplicaSet');
  }

  /** Declares a replica set of instances without devices. */
  constructor(scope: Construct, id: string, props: VirtualMachineInstanceReplicaSetProps) {
    const place = constructorCaller(new.target, CLASSES.VirtualMachineInstanceReplicaSet);
    super(scope, id, 'VirtualMachineInstanceReplicaSet', props, place);
  }

  /** Whether a value is one, also of another loaded copy of this package. */
  static isVirtualMachineInstanceReplicaSet(value: unknown): value is VirtualMachineInstanceReplicaSet {
    return hasBrand(value, 'VirtualMachineInstanceReplicaSet');
  }
}

/** A class that mentions itself gets another name in the bundled library, and that is the name which a user's console shows. */
const CLASSES = { VirtualMachine, VirtualMachineInstance, VirtualMachinePool, VirtualMachineInstanceReplicaSet };
