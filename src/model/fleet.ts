import type { Place } from '../source';
import type { CurrentObject } from './current-object';
import type { Device } from './device';
import type { GitOps } from './gitops';
import type { NodeInventory } from './inventory';
import type { JsonObject } from './json';
import type { NodePlatform } from './node-platform';
import type { NodePool } from './node-pool';
import type { VirtualMachine } from './virtual-machine';

/** Whose object KubeVirt's configuration is written into: KubeVirt's own, or HyperConverged, which writes that one. */
export type ConfigurationOwner = 'kubevirt' | 'hyperconverged';

/** What KubeVirt is and who owns its configuration. */
export interface KubeVirtTarget {
  /** Minor and, where it was given, patch: `1.6`, `1.6.3`. Empty where objects that no fleet wrote do not say it. */
  readonly version: string;
  readonly managedBy: ConfigurationOwner;
  /** The version of the owner's API, `hco.kubevirt.io/v1`; undefined: not said. */
  readonly apiVersion: string | undefined;
  /** Of the object that is written. */
  readonly namespace: string;
  readonly name: string;
  /** Gates wanted on besides those that the fleet needs, as typed, in order. */
  readonly featureGates: readonly { readonly name: string; readonly place: Place }[];
  readonly place: Place;
}

/** The cluster that the fleet is written for. */
export interface Cluster {
  readonly nodePlatform: NodePlatform;
  /** `4.20` for OpenShift, `1.12` for Talos; undefined when not stated. */
  readonly nodePlatformVersion: string | undefined;
  readonly kubernetesVersion: string | undefined;
  readonly kubevirt: KubeVirtTarget;
  /** Live objects, where the fleet names a folder of them; undefined: not known. */
  readonly current: readonly CurrentObject[] | undefined;
  /** Who else owns drivers, arguments or plugins on the nodes, where no live object shows it. */
  readonly operators: readonly { readonly name: OperatorName; readonly place: Place }[];
  /** Undefined: the output is applied by hand, or by something that hostdev writes nothing for. */
  readonly gitops: GitOps | undefined;
  readonly place: Place;
}

/** An operator that writes to nodes as hostdev does. */
export type OperatorName = 'gpu-operator' | 'node-tuning-operator' | 'sriov-network-operator';

/** What is set alike for every device plugin that the fleet deploys from an image. */
export interface DevicePluginSettings {
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly namespace: string;
  readonly priorityClassName: string;
  /** The container's requests and limits, as Kubernetes spells them. */
  readonly resources: JsonObject;
  readonly place: Place;
}

/** One variable of a container: a text, or a field of the pod such as `spec.nodeName`. */
export interface DevicePluginVariable {
  readonly name: string;
  readonly value: string | undefined;
  readonly fieldPath: string | undefined;
  readonly place: Place;
}

/** A folder or file of the node that a device plugin sees. */
export interface DevicePluginHostPath {
  /** On the node. */
  readonly path: string;
  /** In the container. */
  readonly mountPath: string;
  readonly readOnly: boolean;
  readonly place: Place;
}

/** Another vendor's device plugin, as an image and what it needs of the node. */
export interface ImageDevicePlugin extends DevicePluginSettings {
  /** Its name in the fleet, which devices name; its objects are called so too. */
  readonly name: string;
  /** Undefined: the image's own. */
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[];
  readonly env: readonly DevicePluginVariable[];
  /** Besides kubelet's folder of sockets and that of the devices. */
  readonly hostPaths: readonly DevicePluginHostPath[];
  readonly readOnlyRootFilesystem: boolean;
}

/** Another vendor's device plugin: a DaemonSet that the user's program made. */
export interface VendorDevicePlugin {
  readonly name: string;
  /** The DaemonSet as the program rendered it, before nodes, tolerations and selector are set. */
  readonly daemonSet: JsonObject;
  /** Objects that belong to it and are written as they are (ServiceAccount, ConfigMap). */
  readonly companions: readonly JsonObject[];
  readonly place: Place;
}

/**
 * Where a fleet comes from: `declared` in a fleet file or a program, or read from objects that no fleet wrote. Of the second kind
 * nothing is emitted, and what it does not show is not known.
 */
export type FleetOrigin = 'declared' | 'manifests';

/** The declared whole, frozen. Lists are in natural order of their names. */
export interface Fleet {
  readonly name: string;
  readonly origin: FleetOrigin;
  readonly cluster: Cluster;
  readonly devices: readonly Device[];
  readonly nvidiaPlugin: DevicePluginSettings;
  /** Plugins that the fleet describes by their image. */
  readonly imagePlugins: readonly ImageDevicePlugin[];
  readonly vendorPlugins: readonly VendorDevicePlugin[];
  readonly nodePools: readonly NodePool[];
  readonly virtualMachines: readonly VirtualMachine[];
  readonly inventories: readonly NodeInventory[];
  /** Instancetypes and preferences that live objects and `manifests` show. */
  readonly instancetypes: readonly CurrentObject[];
  readonly place: Place;
}
