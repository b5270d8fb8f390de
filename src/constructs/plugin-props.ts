import type { DaemonSet } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** A device plugin as a DaemonSet that the program makes. */
export interface DaemonSetPluginProps {
  /**
   * Makes the vendor's DaemonSet, and what it needs, in the scope that it is given.
   *
   * The fleet then sets where it runs (the nodes that hold a device naming it, with their taints) and a fixed selector. Mind
   * cdk8s-plus's defaults: 1 CPU, 512Mi, `runAsNonRoot`, a read-only root file system.
   */
  readonly daemonSet: (scope: Construct) => DaemonSet;
  readonly image?: undefined;
}

/** What is set alike for every device plugin that the fleet deploys from an image. */
export interface DevicePluginDeploymentProps {
  /** @default - none */
  readonly imagePullSecrets?: readonly string[];
  /** @default - the namespace that hostdev makes for device plugins */
  readonly namespace?: string;
  /** @default system-node-critical */
  readonly priorityClassName?: string;
  /**
   * The container's requests and limits, as Kubernetes spells them.
   *
   * @default - 10m CPU and 64Mi of memory are requested
   */
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
}

/** One variable of a plugin's container: its text, or a field of the pod. */
export type PluginVariable =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly valueFrom: { readonly fieldRef: { readonly fieldPath: string } } };

/** A folder or file of the node in a plugin's container. */
export interface PluginHostPath {
  /** On the node: `/dev/acme`. */
  readonly path: string;
  /**
   * In the container.
   *
   * @default - the same
   */
  readonly mountPath?: string;
  /** @default true */
  readonly readOnly?: boolean;
}

/** A device plugin as an image, and what it needs of the node. It runs without privileges. */
export interface ImagePluginProps extends DevicePluginDeploymentProps {
  /** With a tag or a digest: `registry.example.com/acme/kubevirt-device-plugin:2.3.1`. */
  readonly image: string;
  readonly daemonSet?: undefined;
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** @default - none */
  readonly args?: readonly string[];
  /** @default - none */
  readonly env?: readonly PluginVariable[];
  /**
   * What it sees besides kubelet's folder of sockets and the folder of its devices.
   *
   * @default - none
   */
  readonly hostPaths?: readonly PluginHostPath[];
  /** @default true */
  readonly readOnlyRootFilesystem?: boolean;
}

/** Properties of the construct `DevicePlugin`. */
export type DevicePluginProps = DaemonSetPluginProps | ImagePluginProps;
