/*
 * What a plan starts from: of a compiled fleet only what decides about devices, reboots and VMs, with hashes for the rest. It is
 * written to `baseline/` beside the objects, so that a later plan needs none of the code that made it.
 */
import type { NodePlatform } from '../../model';

/** Where a baseline comes from: a synth wrote it, or it was read from live objects that no fleet wrote. */
export type BaselineOrigin = 'synth' | 'live';

/** One fleet as it was compiled. Lists are in natural order of their names. */
export interface Baseline {
  readonly origin: BaselineOrigin;
  readonly fleet: string;
  readonly cluster: ClusterState;
  /** What changes as one: a MachineConfigPool, elsewhere a node pool. */
  readonly units: readonly UnitState[];
  readonly pools: readonly PoolState[];
  readonly machines: readonly MachineState[];
}

/** What holds for the whole cluster. */
export interface ClusterState {
  readonly nodePlatform: NodePlatform;
  readonly nodePlatformVersion: string | undefined;
  readonly kubernetesVersion: string | undefined;
  /** `1.6`; empty where it is not known. */
  readonly kubevirtVersion: string;
  /** As they are written into KubeVirt's configuration, in order. */
  readonly featureGates: readonly string[];
  readonly permitted: readonly PermittedState[];
  /** Whether virt-handler makes and removes mediated devices; undefined: not known. */
  readonly mediatedHandling: 'on' | 'off' | undefined;
  /** What brings the objects into the cluster: `argocd`, `flux` or `none`; undefined: not known. */
  readonly gitopsTool: string | undefined;
  /** Whether it lets reboots through by itself, `automatic` or `manual`; undefined: not known, or no tool. */
  readonly gitopsReboots: string | undefined;
  /** Whether sockets, guest memory and placement of VMs that run are changed; undefined: an older release of hostdev wrote the baseline. */
  readonly liveUpdates: boolean | undefined;
  /** What the live cluster says happens when a file or unit changes. */
  readonly disruptionPolicies: readonly DisruptionPolicyState[];
  /** Every object that neither prepares nodes nor is a VM. */
  readonly objects: readonly ObjectState[];
}

/** An entry of the allow-list. */
export interface PermittedState {
  readonly list: 'pciHostDevices' | 'mediatedDevices' | 'usb';
  /** What identifies it in its list: the id in lower case, the type's name with underscores, the USB ids. */
  readonly selector: string;
  readonly resource: string;
  readonly external: boolean;
  /** False: it stands in the live object and is kept. */
  readonly ours: boolean;
}

/** An entry of the node disruption policy: a path, which stands for what is below it too, or a unit. */
export interface DisruptionPolicyState {
  readonly of: 'file' | 'unit';
  readonly name: string;
  readonly actions: readonly string[];
}

/** One file of the output. */
export interface ObjectState {
  /** Below the output folder. */
  readonly path: string;
  /** Empty for a file that is no Kubernetes object. */
  readonly kind: string;
  readonly name: string;
  /** The first 16 digits of the text's SHA-256; undefined for a live object. */
  readonly hash: string | undefined;
  /** A hash of what it says in `spec`, where that alone decides; undefined: not known. */
  readonly spec?: string | undefined;
  /** The images of a DaemonSet's containers, `nvcr.io/a:1 registry.example.com/b:2`; undefined: not known, or no DaemonSet. */
  readonly image?: string | undefined;
  /** `OnDelete` or `RollingUpdate`, as a DaemonSet states it; undefined: not stated, an older release of hostdev wrote the baseline, or no DaemonSet. */
  readonly updateStrategy?: string | undefined;
}

/** What prepares the nodes of one unit. */
export interface UnitState {
  readonly name: string;
  readonly isCustom: boolean;
  /** Its own platform, or else the cluster's; undefined: an older release of hostdev wrote the baseline. */
  readonly platform: NodePlatform | undefined;
  /** A count or a percentage; undefined: the platform's default. */
  readonly maxUnavailable: number | string | undefined;
  /** How many nodes the live MachineConfigPool has; undefined: not known. */
  readonly liveNodeCount: number | undefined;
  /** Whether the live MachineConfigPool is paused, so that its nodes take nothing; undefined: not known. */
  readonly isPaused: boolean | undefined;
  /** Live custom pools of others that inherit what it gets, with their nodes; only `worker` has any. */
  readonly inheritedBy: readonly { readonly name: string; readonly nodeCount: number | undefined }[];
  /** MachineConfigs, in the order in which they are merged. */
  readonly configs: readonly ConfigState[];
  /** Kernel arguments of platforms without MachineConfigs, in order. */
  readonly kernelArguments: readonly string[];
  /** Its other objects, and the files that are applied by hand. */
  readonly objects: readonly ObjectState[];
}

/** One MachineConfig. */
export interface ConfigState extends ObjectState {
  /** The pool that its label names. */
  readonly role: string;
  readonly kernelArguments: readonly string[];
  /** A hash of each file's entry as the daemon compares it, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** A hash of each unit's entry, by name. */
  readonly units: ReadonlyMap<string, string>;
  /** A hash of everything else in its spec. */
  readonly rest: string;
}

/** One node pool. */
export interface PoolState {
  readonly name: string;
  /** The unit that prepares it. */
  readonly unit: string;
  readonly mediated: readonly MediatedState[];
  readonly nodes: readonly NodeState[];
}

/** A mediated device type on the nodes of a pool. */
export interface MediatedState {
  /** As virt-handler compares it: an id, or a name with underscores. */
  readonly type: string;
  readonly resource: string | undefined;
  readonly createdBy: string;
  readonly count: number | undefined;
}

/** One node. */
export interface NodeState {
  readonly name: string;
  /** How many of each resource it is predicted to advertise; undefined: not known. */
  readonly advertises: ReadonlyMap<string, number | undefined>;
  /** The functions that the fleet declares there, by address. */
  readonly functions: ReadonlyMap<string, FunctionState>;
}

/** One declared PCI function. */
export interface FunctionState {
  /** `10de:1eb8`; undefined: not known. */
  readonly id: string | undefined;
  /** The driver that it ends on; null: none, undefined: not known. */
  readonly driver: string | null | undefined;
  /** The resource that it is handed out under; undefined: a companion, or not known. */
  readonly resource: string | undefined;
  /** Who brings it there: `id`, `address`, `external`, or `mediated` for the parent of mediated devices. */
  readonly by: string;
  /** Its IOMMU group on its node; undefined: not known. */
  readonly group?: number | undefined;
}

/** One VM. */
export interface MachineState {
  /** Below the output folder; undefined: somebody else's object, which is checked and not written. */
  readonly path: string | undefined;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly hash: string | undefined;
  /** The resources that its `gpus` ask for, one for each entry. */
  readonly gpus: readonly string[];
  /** The same of `hostDevices`. */
  readonly hostDevices: readonly string[];
  /** Pools as `pool/NAME` and single nodes that its placement leaves; `*` for all of them. */
  readonly candidates: readonly string[];
  /** The evictionStrategy in effect. */
  readonly evictionStrategy: string;
  /** Whether KubeVirt starts it again when it stops; undefined: not known. */
  readonly restarts: boolean | undefined;
  /** Whether it is declared not to run; undefined: not known. */
  readonly isHalted: boolean | undefined;
  readonly replicas: number;
  /** As its spec states it: `8Gi`; undefined: not stated, or not known. */
  readonly guestMemory: string | undefined;
  /** As its spec states them; undefined: not stated, or not known. */
  readonly sockets: number | undefined;
  /** A hash of what of its spec takes effect only when it is started again; undefined: not known. */
  readonly restartHash: string | undefined;
}
