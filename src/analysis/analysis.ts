import type {
  BdfAddress,
  CpuVendor,
  Device,
  DeviceClaim,
  DeviceRequest,
  DraAllocation,
  Fleet,
  HostUse,
  JsonObject,
  MediatedDeviceUse,
  NodeInventory,
  NodePlatform,
  NodePool,
  Passthrough,
  PciFunction,
  PciId,
  VirtualMachine,
} from '../model';
import type { MachineConfig } from '../openshift';
import type { Place } from '../source';
import type { AdoptedConfigs } from './adopted-configs';
import type { CurrentCluster } from './current/current-cluster';
import type { LiveNode } from './current/live-nodes';
import type { Effects, KubeletSetting } from './effects';
import type { Inherited } from './inherited';
import type { KubeletPolicies } from './kubelet';
import type { MachineConfigNames } from './machine-config-names';

/** How a function comes to vfio-pci once the node is prepared. */
export type BindingStrategy = 'id' | 'address' | 'external';

/** That a function is bound to vfio-pci, by what, and as what. */
export interface FunctionBinding {
  readonly pool: NodePool;
  readonly passthrough: Passthrough;
  /** `device`: handed to VMs; `companion`: bound because the group or the slot needs it, never permitted. */
  readonly role: 'device' | 'companion';
  readonly strategy: BindingStrategy;
}

/** One PCI function of one node, with what will become of it. */
export interface AnalysedFunction {
  readonly node: string;
  readonly fact: PciFunction;
  /** From the inventory and from the pool's `hostUse`; undefined: nobody knows. */
  readonly hostUse: readonly HostUse[] | undefined;
  /** The declarations that bind it to vfio-pci, in order; more than one is a conflict that a rule reports. */
  readonly bindings: readonly FunctionBinding[];
  /** The driver that it ends on once the node is prepared; null: none, undefined: not known. */
  readonly driver: string | null | undefined;
}

/** Who serves a resource on a node; `dra`: no plugin, a driver of dynamic resource allocation. */
export type ResourceServer = 'kubevirt' | 'nvidia' | 'other' | 'dra';

/** A device with everything that follows from the whole fleet. */
export interface Resource {
  readonly device: Device;
  /** The declared name, or the one derived from the plugin that serves it; undefined where neither is known. */
  readonly name: string | undefined;
  readonly derived: boolean;
  readonly server: ResourceServer;
  /** Whether the permitted entry carries `externalResourceProvider: true`. */
  readonly isExternal: boolean;
  /** The socket of the plugin that serves it, `kubevirt-intel.com-qat.sock`; undefined: not known. */
  readonly socket: string | undefined;
  /** The environment variable that carries its devices into virt-launcher; undefined where its name is not known. */
  readonly variable: string | undefined;
  /** Whether anything in the fleet provides it or asks for it. */
  readonly pools: readonly NodePool[];
}

/** KubeVirt's names of the three lists of what it permits. */
export type PermittedList = 'pciHostDevices' | 'mediatedDevices' | 'usb';

/** One entry of the allow-list with where it comes from; undefined: the live object, not this fleet. */
export interface PermittedEntry {
  /** In the words of KubeVirt's own object, whoever owns the configuration. */
  readonly entry: JsonObject;
  readonly place: Place | undefined;
  /** An entry of others that HyperConverged has and does not pass on. */
  readonly isDisabled?: true;
  /** Where the live HyperConverged turns off what this entry permits. */
  readonly disabledAt?: Place;
}

/** One entry of a live list, in the words of KubeVirt's own object. */
export interface LiveEntry {
  readonly entry: JsonObject;
  /** HyperConverged has it, and does not pass it on. */
  readonly isDisabled: boolean;
  readonly place: Place;
}

/** A live entry that the fleet's entries take the place of. */
export interface DroppedEntry extends LiveEntry {
  readonly list: PermittedList;
}

/** What one node will advertise under one resource name. */
export interface AdvertisedResource {
  readonly resource: Resource;
  readonly node: string;
  /**
   * As the serving plugin counts, whoever bound what it finds: KubeVirt's one per IOMMU group, NVIDIA's every function;
   * undefined: not known.
   */
  readonly count: number | undefined;
  /** Why the count is not known, in words; undefined when it is. */
  readonly unknownBecause: string | undefined;
  /** The functions behind it, or those declared where nothing is advertised; empty for mediated and USB devices. */
  readonly functions: readonly AnalysedFunction[];
  /** The devices that kubelet is told of; empty where they cannot be told one by one. */
  readonly devices: readonly AdvertisedDevice[];
  /**
   * How many the fleet's own declarations put there, once all that they rely on is in place: what VMs are placed by. Less than
   * `count` where somebody else bound more, more where something stands in the way that is a finding of its own.
   */
  readonly provided: number | undefined;
}

/** A device as a plugin announces it to kubelet. */
export interface AdvertisedDevice {
  /** KubeVirt's plugin: the IOMMU group, `27`. NVIDIA's: the address. */
  readonly id: string;
  /** More than one: a group of several matching functions, of which the last is handed over. */
  readonly functions: readonly AnalysedFunction[];
  /** The NUMA node that kubelet is told; undefined: none is. */
  readonly numaNode: number | undefined;
}

/** What a node advertises under a name that no device of the fleet has. */
export interface OtherAdvertised {
  readonly name: string;
  readonly server: 'kubevirt' | 'nvidia';
  readonly count: number | undefined;
  readonly unknownBecause: string | undefined;
  readonly devices: readonly AdvertisedDevice[];
}

/** A node that a pool or an inventory names. */
export interface AnalysedNode {
  readonly name: string;
  /** Pools that name it, in natural order; more than one is a conflict. */
  readonly pools: readonly NodePool[];
  readonly inventory: NodeInventory | undefined;
  /** By address. */
  readonly functions: readonly AnalysedFunction[];
  readonly functionByAddress: ReadonlyMap<BdfAddress, AnalysedFunction>;
  readonly advertised: readonly AdvertisedResource[];
  /** What plugins advertise besides: live entries of others, companions that NVIDIA's plugin counts. */
  readonly alsoAdvertised: readonly OtherAdvertised[];
  /** What kubelet does on it, as far as its pool and the live cluster tell. */
  readonly kubelet: KubeletPolicies;
  /** What its live object says; undefined: not known. */
  readonly live: LiveNode | undefined;
}

/** Why a device is bound the way it is, for one declaration. */
export interface StrategyChoice {
  readonly pool: NodePool;
  readonly passthrough: Passthrough;
  readonly strategy: BindingStrategy;
  /** A clause for people: `class 0108 is bound early, from the initramfs`. */
  readonly reason: string;
  /** Why binding by id is not allowed here; empty when it is. */
  readonly againstId: readonly string[];
  /** Those of them that are shown, not only unknown: a function that the id takes besides, a class that is bound early. */
  readonly shownAgainstId: readonly string[];
}

/** What changes as one: on OpenShift a MachineConfigPool with all fleet pools that name it, elsewhere a pool. */
export interface PreparationUnit {
  /** The MachineConfigPool's name; on other platforms the pool's. */
  readonly name: string;
  /** What its nodes take their preparation from. */
  readonly platform: NodePlatform;
  /** As the first of its pools has it; undefined when not stated. */
  readonly platformVersion: string | undefined;
  /** Natural order. */
  readonly pools: readonly NodePool[];
  /** The declared nodes of those pools, natural order. */
  readonly nodes: readonly AnalysedNode[];
  /** Whether hostdev emits the MachineConfigPool: neither `worker` nor `master`. */
  readonly isCustom: boolean;
  /** The names of its MachineConfigs. */
  readonly configNames: MachineConfigNames;
  /**
   * The live MachineConfigs that its nodes get besides the fleet's, those of `worker` for a custom pool too, in the order in
   * which they are merged; empty where none is known.
   */
  readonly foreignConfigs: readonly MachineConfig[];
  /** The live MachineConfigs whose names its pools keep. */
  readonly adopted: AdoptedConfigs;
  /** How many nodes the live pool has; undefined without `cluster.current`. */
  readonly liveNodeCount: number | undefined;
  readonly cpuVendors: readonly CpuVendor[];
  readonly strategies: readonly StrategyChoice[];
  readonly effects: Effects;
}

/** A device request with what it resolves to. */
export interface AnalysedRequest {
  readonly list: 'gpus' | 'hostDevices';
  readonly request: DeviceRequest;
  /** Undefined when the fleet declares no such device. */
  readonly resource: Resource | undefined;
  /** What the manifest says. */
  readonly deviceName: string | undefined;
}

/** A claim that the fleet writes for one entry of a VM. */
export interface PlannedClaim {
  /** The entry that it is for. */
  readonly request: AnalysedRequest;
  /** What the VM's spec calls it: a DNS label, unique within the VM. */
  readonly name: string;
  /** The claim's only request. */
  readonly requestName: string;
  /** The name of the ResourceClaim or ResourceClaimTemplate. */
  readonly objectName: string;
  readonly kind: DeviceClaim['kind'];
  readonly allocation: DraAllocation;
  /** Conditions in the Common Expression Language, all of which hold. */
  readonly expressions: readonly string[];
}

/** A VM with where it can run. */
export interface AnalysedMachine {
  readonly machine: VirtualMachine;
  /** The spec of the instance that KubeVirt makes: the VM's own, with what its instancetype brings. */
  readonly spec: JsonObject;
  /** What its instancetype brings; undefined: it has none, or none that is known. */
  readonly inherited: Inherited | undefined;
  readonly requests: readonly AnalysedRequest[];
  /** The nodes that its `node`, `pool`, nodeSelector and addresses leave, natural order. */
  readonly candidates: readonly AnalysedNode[];
  /** Candidates that provide everything it asks for, or may (a count that is not known counts as may). */
  readonly fits: readonly AnalysedNode[];
  /** The nodes that the addresses of its entries confine it to; undefined: they do not, or there is no such node. */
  readonly pinned: readonly AnalysedNode[] | undefined;
  /** The claims that the fleet writes for it, in the order of its entries. */
  readonly claims: readonly PlannedClaim[];
  /** The evictionStrategy in effect. */
  readonly evictionStrategy: string;
  /** Whether the fleet writes it, because the cluster's default would block the drain of the VM's node. */
  readonly writesEviction: boolean;
  /** With the VMs that are alike. */
  readonly shape: MachineShape;
  /** With those of them that say the same. */
  readonly variant: MachineVariant;
}

/**
 * VMs that ask for the same under the same names, fit on the same nodes, and whose specs say the same things down to the third level,
 * `domain.cpu.numa`, and whose instances have annotations of the same names, with whatever values.
 */
export interface MachineShape {
  /** In the model's order; at least one. */
  readonly machines: readonly AnalysedMachine[];
}

/**
 * VMs of one shape whose specs say the same in everything but disks, volumes, NICs, networks and placement, and that take the same from
 * one instancetype.
 */
export interface MachineVariant {
  /** In the model's order; at least one. */
  readonly machines: readonly AnalysedMachine[];
}

/** How the handling is turned off, and for whose sake. */
export interface MediatedHandlingOff {
  /** A gate through 1.7, a field from 1.8 on; HyperConverged has a switch of its own behind the gate. */
  readonly by: 'gate' | 'field';
  readonly use: MediatedDeviceUse;
}

/** What the cluster will do, derived once from the model; everything that judges, writes or explains reads this. */
export interface Analysis {
  readonly fleet: Fleet;
  /** Natural order. */
  readonly nodes: readonly AnalysedNode[];
  readonly nodeByName: ReadonlyMap<string, AnalysedNode>;
  readonly deviceByName: ReadonlyMap<string, Device>;
  readonly poolByName: ReadonlyMap<string, NodePool>;
  /** One per device, natural order. */
  readonly resources: readonly Resource[];
  readonly resourceByDevice: ReadonlyMap<string, Resource>;
  /** Natural order. */
  readonly units: readonly PreparationUnit[];
  /** What VMs ask of the kubelets of each unit, by `unitKey`. */
  readonly kubeletAsks: ReadonlyMap<string, readonly KubeletSetting[]>;
  /** One per VM, in the model's order. */
  readonly machines: readonly AnalysedMachine[];
  /** The shapes of its VMs, in the order of the first VM of each. */
  readonly machineShapes: readonly MachineShape[];
  /** Their variants, in the order of the first VM of each. */
  readonly machineVariants: readonly MachineVariant[];
  /** Feature gates that the fleet needs, or wants, in the order in which they are emitted. */
  readonly featureGates: readonly string[];
  /** How the fleet keeps virt-handler from removing mediated devices that others make; undefined: it does not. */
  readonly mediatedHandlingOff: MediatedHandlingOff | undefined;
  /** Nodes that run NVIDIA's plugin because a device served by it is bound there. */
  readonly nvidiaPluginNodes: readonly AnalysedNode[];
  /** The allow-list as it will be: the fleet's entries, then those of others that are kept. */
  readonly permitted: ReadonlyMap<PermittedList, readonly PermittedEntry[]>;
  /** Live entries that the fleet's take the place of, also those that say the same. */
  readonly droppedEntries: readonly DroppedEntry[];
  /** The live cluster; undefined: the fleet names no live objects. */
  readonly current: CurrentCluster | undefined;
  /** Every declared selector by id. */
  readonly devicesBySelector: ReadonlyMap<PciId, readonly Device[]>;
}
