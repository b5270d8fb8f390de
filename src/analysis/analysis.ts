import type {
  BdfAddress,
  CpuVendor,
  Device,
  DeviceRequest,
  Fleet,
  HostUse,
  NodeInventory,
  NodePool,
  Passthrough,
  PciFunction,
  PciId,
  VirtualMachine,
} from '../model';
import type { Effects } from './effects';

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
}

/** Who serves a resource on a node. */
export type ResourceServer = 'kubevirt' | 'nvidia' | 'other';

/** A device with everything that follows from the whole fleet. */
export interface Resource {
  readonly device: Device;
  /** The declared name, or the one derived from the plugin that serves it; undefined where neither is known. */
  readonly name: string | undefined;
  readonly derived: boolean;
  readonly server: ResourceServer;
  /** Whether the permitted entry carries `externalResourceProvider: true`. */
  readonly isExternal: boolean;
  /** Whether anything in the fleet provides it or asks for it. */
  readonly pools: readonly NodePool[];
}

/** What one node will advertise under one resource name. */
export interface AdvertisedResource {
  readonly resource: Resource;
  readonly node: string;
  /** As the serving plugin counts: KubeVirt's one per IOMMU group, NVIDIA's every function; undefined: not known. */
  readonly count: number | undefined;
  /** Why the count is not known, in words; undefined when it is. */
  readonly unknownBecause: string | undefined;
  /** The functions behind it; empty for mediated and USB devices. */
  readonly functions: readonly AnalysedFunction[];
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
}

/** What changes as one: on OpenShift a MachineConfigPool with all fleet pools that name it. */
export interface PreparationUnit {
  /** The MachineConfigPool's name. */
  readonly name: string;
  /** Natural order. */
  readonly pools: readonly NodePool[];
  /** The declared nodes of those pools, natural order. */
  readonly nodes: readonly AnalysedNode[];
  /** Whether hostdev emits the MachineConfigPool: neither `worker` nor `master`. */
  readonly isCustom: boolean;
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

/** A VM with where it can run. */
export interface AnalysedMachine {
  readonly machine: VirtualMachine;
  readonly requests: readonly AnalysedRequest[];
  /** The nodes that its `node`, `pool` and nodeSelector leave, natural order. */
  readonly candidates: readonly AnalysedNode[];
  /** Candidates that provide everything it asks for, or may (a count that is not known counts as may). */
  readonly fits: readonly AnalysedNode[];
  /** The evictionStrategy in effect. */
  readonly evictionStrategy: string;
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
  /** One per VM, in the model's order. */
  readonly machines: readonly AnalysedMachine[];
  /** Feature gates that the fleet needs, or wants, in the order in which they are emitted. */
  readonly featureGates: readonly string[];
  /** Nodes that run NVIDIA's plugin because a device served by it is bound there. */
  readonly nvidiaPluginNodes: readonly AnalysedNode[];
  /** Every declared selector by id. */
  readonly devicesBySelector: ReadonlyMap<PciId, readonly Device[]>;
}
