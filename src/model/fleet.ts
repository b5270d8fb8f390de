import type { Place } from '../source';
import type { Device } from './device';
import type { NodeInventory } from './inventory';
import type { JsonObject } from './json';
import type { NodePool } from './node-pool';
import type { VirtualMachine } from './virtual-machine';

/** What KubeVirt is and who owns its configuration. */
export interface KubeVirtTarget {
  /** Minor and, where it was given, patch: `1.6`, `1.6.3`. */
  readonly version: string;
  readonly namespace: string;
  readonly name: string;
  /** Gates wanted on besides those that the fleet needs, as typed, in order. */
  readonly featureGates: readonly { readonly name: string; readonly place: Place }[];
  readonly place: Place;
}

/** The cluster that the fleet is written for. */
export interface Cluster {
  readonly nodePlatform: NodePlatform;
  /** `4.20` for OpenShift; undefined when not stated. */
  readonly nodePlatformVersion: string | undefined;
  readonly kubernetesVersion: string | undefined;
  readonly kubevirt: KubeVirtTarget;
  /** Live objects, where the fleet names a folder of them; undefined: not known. */
  readonly current: readonly CurrentObject[] | undefined;
  readonly place: Place;
}

/** What runs on the nodes and takes their preparation. */
export type NodePlatform = 'openshift';

/** A live object as `kubectl get -o yaml` prints it. */
export interface CurrentObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly content: JsonObject;
  readonly place: Place;
}

/** Settings of NVIDIA's kubevirt-gpu-device-plugin. */
export interface NvidiaPluginSettings {
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly namespace: string;
  readonly place: Place;
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

/** The declared whole, frozen. Lists are in natural order of their names. */
export interface Fleet {
  readonly name: string;
  readonly cluster: Cluster;
  readonly devices: readonly Device[];
  readonly nvidiaPlugin: NvidiaPluginSettings;
  readonly vendorPlugins: readonly VendorDevicePlugin[];
  readonly nodePools: readonly NodePool[];
  readonly virtualMachines: readonly VirtualMachine[];
  readonly inventories: readonly NodeInventory[];
  readonly place: Place;
}
