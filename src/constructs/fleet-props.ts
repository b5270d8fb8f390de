import type { HyperConvergedApiVersion } from '../kubevirt';
import type { ConfigurationOwner, NodePlatform, OperatorName } from '../model';
import type { DevicePluginDeploymentProps } from './plugin-props';

/** Properties of the construct `Fleet`. */
export interface FleetProps {
  /**
   * The fleet's name.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /** What runs on the nodes and takes their preparation. */
  readonly nodePlatform: NodePlatform;
  /**
   * The platform's version, `4.20`.
   *
   * @default - unknown: the oldest form that every version reads is written
   */
  readonly nodePlatformVersion?: string;
  /**
   * Kubernetes' version, `1.33`.
   *
   * @default - unknown
   */
  readonly kubernetesVersion?: string;
  /** The KubeVirt that the cluster runs. */
  readonly kubevirt: FleetKubeVirtProps;
  /**
   * Folder of node inventories, one YAML file per node: `join(__dirname, 'inventory')`.
   *
   * @default - none: rules that need hardware are reported as not run
   */
  readonly inventory?: string;
  /**
   * Folder of live objects as `kubectl get -o yaml` prints them. What others own is kept.
   *
   * @default - none: the lists of the KubeVirt object are taken over whole
   */
  readonly current?: string;
  /**
   * Patterns of files with other people's VMs: `join(__dirname, '../tenants/*.yaml')`. They are checked against this fleet and never
   * written.
   *
   * @default - none
   */
  readonly manifests?: readonly string[];
  /**
   * Talos: the file of the Image Factory schematic that kernel arguments are added to; a pool may name another.
   *
   * @default - a schematic of nothing but the arguments
   */
  readonly talosSchematic?: string;
  /**
   * Operators that own drivers, kernel arguments or device plugins on the nodes too, where no object in `current` shows it.
   *
   * @default - none
   */
  readonly operators?: readonly OperatorName[];
  /**
   * How the output gets from Git into the cluster. Written by `FleetApp` and by `hostdev synth`: the objects are no part of the
   * tree, since they speak of files.
   *
   * @default - plain folders with a kustomization each
   */
  readonly gitops?: FleetGitOpsProps;
  /**
   * Settings of NVIDIA's kubevirt-gpu-device-plugin.
   *
   * @default - the pinned upstream image, no pull secrets
   */
  readonly nvidiaPlugin?: NvidiaPluginProps;
}

/** KubeVirt, and the object that its configuration is written into. */
export interface FleetKubeVirtProps {
  /** Minor or patch release: `1.6`, `1.6.3`; or that of OpenShift Virtualization, `4.20`. */
  readonly version: string;
  /**
   * Whose object the configuration is written into: KubeVirt's own, or HyperConverged, which overwrites that one.
   *
   * @default kubevirt
   */
  readonly managedBy?: ConfigurationOwner;
  /**
   * The version of HyperConverged's API to write.
   *
   * @default - `hco.kubevirt.io/v1` with KubeVirt 1.9, `hco.kubevirt.io/v1beta1` before
   */
  readonly apiVersion?: HyperConvergedApiVersion;
  /** @default - `kubevirt`; with HyperConverged `kubevirt-hyperconverged`, on OpenShift `openshift-cnv` */
  readonly namespace?: string;
  /** @default - `kubevirt`, or `kubevirt-hyperconverged` */
  readonly name?: string;
  /**
   * Gates wanted on besides those that the fleet needs.
   *
   * @default - none
   */
  readonly featureGates?: readonly string[];
}

/** Who applies the output, and from where. */
export interface FleetGitOpsProps {
  /** Argo CD Applications or Flux Kustomizations. */
  readonly tool: 'argocd' | 'flux';
  /** The repository as the tool fetches it: `https://git.example.com/platform/fleet.git`. */
  readonly repoURL: string;
  /**
   * A branch, a tag (`refs/tags/v1`), or a commit.
   *
   * @default main
   */
  readonly revision?: string;
  /**
   * The output folder inside the repository.
   *
   * @default dist
   */
  readonly path?: string;
  /**
   * Where the tool's own objects live.
   *
   * @default - `openshift-gitops` for Argo CD on OpenShift, else `argocd` or `flux-system`
   */
  readonly namespace?: string;
  /**
   * Argo CD's project.
   *
   * @default default
   */
  readonly project?: string;
  /**
   * The cluster that Argo CD deploys to: its API server's address, or the name under which Argo CD knows it.
   *
   * @default - the cluster that Argo CD runs in
   */
  readonly destination?: string;
  /**
   * Whether what reboots nodes waits for a person.
   *
   * @default manual
   */
  readonly reboots?: 'manual' | 'automatic';
  /**
   * An image with a shell and `kubectl`, for the Jobs that wait.
   *
   * @default - the cluster's own on OpenShift, else a pinned public one
   */
  readonly kubectlImage?: string;
}

/** Settings of NVIDIA's kubevirt-gpu-device-plugin. */
export interface NvidiaPluginProps extends DevicePluginDeploymentProps {
  /** @default - the pinned upstream image */
  readonly image?: string;
}
