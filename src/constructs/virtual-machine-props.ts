import type { VirtualMachineInstanceSpec, VirtualMachineSpec } from '../kubevirt';
import type { JsonObject } from '../model';
import type { NodePool } from './node-pool';

/** What a VM is made from: a spec, or a file that holds the object. */
export type SpecOrManifest =
  | {
      /** The VirtualMachineInstance's spec, as KubeVirt spells it. */
      readonly spec: VirtualMachineInstanceSpec;
      readonly manifest?: undefined;
    }
  | {
      readonly spec?: undefined;
      /** A YAML file with the object: `join(__dirname, 'vms/build01.yaml')`. What the construct says wins over it. */
      readonly manifest: string;
      /** The object's: it exists before the file is read. */
      readonly namespace: string;
    };

/** Options that every VM has. */
export interface VirtualMachineInstanceOptions {
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
  /**
   * What it needs of NUMA nodes: three requests, each of which can be made alone.
   *
   * @default - nothing
   */
  readonly numa?: NumaProps;
}

/** What a VM needs of NUMA nodes. Each request sets what it needs on the VM, on its pools' kubelets, and in KubeVirt's feature gates. */
export interface NumaProps {
  /**
   * kubelet takes CPUs and devices from as few NUMA nodes as can be, or from one.
   *
   * @default - as the pool has it
   */
  readonly kubelet?: 'restricted' | 'single-numa-node';
  /**
   * The guest sees the NUMA nodes of its CPUs and pages.
   *
   * @default false
   */
  readonly guestMapping?: boolean;
  /**
   * The guest sees its PCI devices at their NUMA nodes; KubeVirt 1.8 and later.
   *
   * @default false
   */
  readonly pcieTopology?: boolean;
}

/** Properties of the construct `VirtualMachineInstance`. */
export type VirtualMachineInstanceProps = VirtualMachineInstanceOptions & SpecOrManifest;

/** Labels and annotations. */
export interface TemplateMetadata {
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Options of a VirtualMachine. */
export interface VirtualMachineOptions extends VirtualMachineInstanceOptions {
  /**
   * Labels and annotations of the instances that it makes.
   *
   * @default - none
   */
  readonly templateMetadata?: TemplateMetadata;
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

/** Properties of the construct `VirtualMachine`. */
export type VirtualMachineProps = VirtualMachineOptions & SpecOrManifest;

/** Options of a pool. */
export interface VirtualMachinePoolOptions extends VirtualMachineOptions {
  /**
   * How many VMs there are.
   *
   * @default 1
   */
  readonly replicas?: number;
}

/** Properties of the construct `VirtualMachinePool`. */
export type VirtualMachinePoolProps = VirtualMachinePoolOptions & SpecOrManifest;

/** Options of a replica set. */
export interface VirtualMachineInstanceReplicaSetOptions extends VirtualMachineInstanceOptions {
  /**
   * Labels and annotations of the instances that it makes.
   *
   * @default - none
   */
  readonly templateMetadata?: TemplateMetadata;
  /**
   * How many instances there are.
   *
   * @default 1
   */
  readonly replicas?: number;
}

/** Properties of the construct `VirtualMachineInstanceReplicaSet`. */
export type VirtualMachineInstanceReplicaSetProps = VirtualMachineInstanceReplicaSetOptions & SpecOrManifest;

/** Which devices a claim takes; all conditions hold. */
export interface ClaimOptions {
  /**
   * A claim for each start of the VM, or one that it keeps while it is stopped.
   *
   * @default template
   */
  readonly kind?: 'template' | 'claim';
  /** @default - any */
  readonly numaNode?: number;
  /**
   * `pci0000:64`
   *
   * @default - any
   */
  readonly pcieRoot?: string;
  /**
   * As the driver has it: `NVIDIA H100 PCIe`.
   *
   * @default - any
   */
  readonly product?: string;
  /**
   * Further conditions in the Common Expression Language.
   *
   * @default - none
   */
  readonly expressions?: readonly string[];
}

/** Which of like devices an entry asks for. */
export interface DeviceChoice {
  /**
   * The device's address: `0000:65:00.0`. A device plugin cannot be told one: the VM is confined to the nodes where it is the only device of
   * its resource, and it is an error where there is none. A claim takes it as a condition.
   *
   * @default - any that is free
   */
  readonly address?: string;
  /**
   * Which devices, where a driver of dynamic resource allocation hands them out.
   *
   * @default - any that is free
   */
  readonly claim?: ClaimOptions;
}

/** Fields of KubeVirt's own entry besides name and device, and which device it is. */
export interface GpuOptions extends DeviceChoice {
  /** @default - KubeVirt's: the first mediated device gets a display */
  readonly virtualGPUOptions?: JsonObject;
}

/** Fields of KubeVirt's own entry besides name and device, and which device it is. */
export interface HostDeviceOptions extends DeviceChoice {
  /**
   * Handed to the guest with the device's metadata.
   *
   * @default - none
   */
  readonly tag?: string;
}
