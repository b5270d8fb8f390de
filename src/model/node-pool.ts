import type { Place } from '../source';
import type { BdfAddress } from './bdf-address';
import type { PciVendorSelector } from './device';
import type { CpuVendor } from './inventory';
import type { JsonObject } from './json';
import type { NodePlatform } from './node-platform';

/** An address as typed, beside its canonical form. */
export interface DeclaredAddress {
  readonly text: string;
  /** Undefined when the text is malformed. */
  readonly address: BdfAddress | undefined;
  readonly place: Place;
}

/** What people know and a capture cannot show: the host uses these functions. */
export interface DeclaredHostUse {
  readonly addresses: readonly DeclaredAddress[];
  /** On these nodes; every node of the pool when undefined. */
  readonly nodes: readonly string[] | undefined;
  readonly reason: string;
  readonly place: Place;
}

/** A rule that someone has read and accepts at one spot, with the reason. */
export interface Acknowledgement {
  /** The rule's slug, `pci/unknown-host-use`. */
  readonly slug: string;
  readonly reason: string;
  readonly place: Place;
}

/** Which functions of a device are handed over: on every node alike, node by node, or whatever the selector matches. */
export type DeclaredAddresses =
  | { readonly kind: 'every-node'; readonly addresses: readonly DeclaredAddress[] }
  | {
      readonly kind: 'by-node';
      readonly byNode: readonly {
        readonly node: string;
        readonly addresses: readonly DeclaredAddress[];
        readonly place: Place;
      }[];
    }
  | { readonly kind: 'all-matching' };

/** How functions come to vfio-pci. `auto` chooses by the rules; `external`: somebody else binds them. */
export type Binding = 'auto' | 'id' | 'address' | 'external';

/** One device handed over on the nodes of a pool. */
export interface Passthrough {
  /** The device's id. */
  readonly device: string;
  readonly addresses: DeclaredAddresses;
  readonly binding: Binding;
  /** Ids or addresses bound with the group but never permitted; undefined: functions of the same slot of class 0403, 0c03, 0c80. */
  readonly companions: readonly { readonly text: string; readonly place: Place }[] | undefined;
  readonly acknowledge: readonly Acknowledgement[];
  readonly place: Place;
}

/** Who makes the mediated devices: virt-handler, NVIDIA's vgpu-device-manager, node preparation at boot (`host`), or somebody else. */
export type MediatedDeviceCreator = 'kubevirt' | 'vgpu-device-manager' | 'host' | 'external';

/** One mediated device or vGPU type on the nodes of a pool. */
export interface MediatedDeviceUse {
  /** The device's id. */
  readonly device: string;
  readonly createdBy: MediatedDeviceCreator;
  /** How many there are on each node, where virt-handler does not make them; undefined: not known, as many as fit where the host makes them. */
  readonly count: number | undefined;
  readonly place: Place;
}

/** Who makes virtual functions: node preparation at boot, or an operator of somebody else's. */
export type VirtualFunctionCreator = 'host' | 'operator';

/** Virtual functions of cards on the nodes of a pool. */
export interface VirtualFunctionUse {
  /** The cards that they are made of. */
  readonly parent: PciVendorSelector;
  /** How many of each card, from 1. */
  readonly numVfs: number;
  readonly createdBy: VirtualFunctionCreator;
  readonly place: Place;
}

/** A taint as Kubernetes spells it. */
export interface Taint {
  readonly key: string;
  readonly value: string | undefined;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** A schematic of Talos's Image Factory, as the user has it. */
export interface TalosSchematic {
  /** Kept whole; only arguments are added to it. */
  readonly content: JsonObject;
  /** Its `customization.extraKernelArgs`. */
  readonly kernelArguments: readonly { readonly text: string; readonly place: Place }[];
  readonly place: Place;
}

/** Hugepages of one size that the kernel takes when it starts. */
export interface DeclaredHugepages {
  /** `2Mi`, `1Gi`. */
  readonly size: string;
  /** On the whole node; the kernel spreads them over its NUMA nodes. */
  readonly count: number;
  readonly place: Place;
}

/** Nodes that are prepared alike. */
export interface NodePool {
  /** Its id in the fleet. */
  readonly name: string;
  /** Names of Kubernetes Nodes, in natural order. */
  readonly nodes: readonly { readonly name: string; readonly place: Place }[];
  /** Labels that select exactly these nodes; undefined: `kubernetes.io/hostname` terms. */
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly cpuVendor: CpuVendor | undefined;
  /** Its own, or else the cluster's. */
  readonly nodePlatform: NodePlatform;
  /** Its own, or else the cluster's where the platform is the cluster's; undefined when not stated. */
  readonly nodePlatformVersion: string | undefined;
  /** OpenShift: the MachineConfigPool that its nodes are in. */
  readonly machineConfigPool: string;
  /** Whether `machineConfigPool` was written by the user. */
  readonly machineConfigPoolDeclared: boolean;
  /** A count, or a percentage such as `10%`. */
  readonly maxUnavailable: number | string | undefined;
  /** Names of existing MachineConfigs to keep, by what hostdev puts in them. */
  readonly machineConfigNames: { readonly kernelArguments: string | undefined; readonly vfio: string | undefined };
  readonly iommu: {
    readonly pt: boolean;
    readonly intelArgument: 'emit' | 'omit';
    readonly amdArgument: 'emit' | 'omit';
  };
  /** Further kernel arguments, in this order. */
  readonly kernelArguments: readonly { readonly text: string; readonly place: Place }[];
  /** Taken when the kernel starts, in this order. */
  readonly hugepages: readonly DeclaredHugepages[];
  /** Settings of the kubelet by kubelet's own field names; undefined: none. */
  readonly kubelet: JsonObject | undefined;
  /** Talos: the schematic that its kernel arguments are added to; undefined: none, or another platform. */
  readonly talosSchematic: TalosSchematic | undefined;
  /** OpenShift: the PerformanceProfile that sets the kubelet and the kernel of its nodes; it exists, and nothing is emitted for it. */
  readonly performanceProfile: string | undefined;
  readonly hostUse: readonly DeclaredHostUse[];
  readonly taints: readonly Taint[];
  readonly passthrough: readonly Passthrough[];
  readonly mediatedDevices: readonly MediatedDeviceUse[];
  /** Virtual functions of its cards. */
  readonly sriov: readonly VirtualFunctionUse[];
  /** Ids of USB devices that its nodes hold. */
  readonly usb: readonly { readonly device: string; readonly place: Place }[];
  readonly place: Place;
}
