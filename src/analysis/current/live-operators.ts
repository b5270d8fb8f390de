import { isJsonObject, jsonAt, type CurrentObject, type JsonObject, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';
import { listAt, liveTexts, mapAt, textAt, type LiveObjects, type LiveText } from './live-objects';

/** What NVIDIA's GPU operator does with a node's GPUs, as its label says. */
export type GpuWorkload = 'container' | 'vm-passthrough' | 'vm-vgpu';

/** The values that the GPU operator's node label may have; another one counts as the default. */
export const GPU_WORKLOADS: readonly GpuWorkload[] = ['container', 'vm-passthrough', 'vm-vgpu'];

/** The label by which the GPU operator is told what a node's GPUs are for. */
export const GPU_WORKLOAD_LABEL = 'nvidia.com/gpu.workload.config';

/** The live ClusterPolicy of NVIDIA's GPU operator, as far as VMs are concerned. */
export interface LiveGpuOperator {
  readonly name: string;
  /** Whether it looks after nodes whose GPUs go to VMs. */
  readonly sandboxWorkloads: boolean;
  readonly defaultWorkload: GpuWorkload;
  readonly sandboxDevicePlugin: boolean;
  readonly vfioManager: boolean;
  readonly place: Place;
}

/** A live SriovNetworkNodePolicy: virtual functions that the SR-IOV network operator makes. */
export interface LiveSriovPolicy {
  readonly name: string;
  /** Labels of the nodes that it is for. */
  readonly nodeSelector: JsonObject;
  readonly numVfs: number;
  readonly vendor: string | undefined;
  readonly deviceId: string | undefined;
  readonly rootDevices: readonly LiveText[];
  /** Whether it also selects by what an inventory does not show: interface names, a network. */
  readonly selectsByName: boolean;
  readonly place: Place;
}

/** A live PerformanceProfile: the node tuning operator makes kernel arguments and a KubeletConfig of it. */
export interface LivePerformanceProfile {
  readonly name: string;
  readonly nodeSelector: JsonObject;
  readonly additionalKernelArgs: readonly LiveText[];
  /** Labels of the machine config pool that it is for; undefined: the pool of the role in its node selector. */
  readonly poolSelector: JsonObject | undefined;
  /** What it sets of kubelet, by kubelet's own names. */
  readonly kubelet: JsonObject;
  readonly place: Place;
}

/** A live KubeletConfig. */
export interface LiveKubeletConfig {
  readonly name: string;
  /** `matchLabels` and `matchExpressions` over labels of MachineConfigPools. */
  readonly selector: JsonValue | undefined;
  /** By kubelet's own names. */
  readonly settings: JsonObject;
  readonly place: Place;
}

/** A live DaemonSet with the images that it runs. */
export interface LiveDaemonSet {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly images: readonly LiveText[];
  /** Labels of the nodes that it runs on; affinities, which may leave fewer, are not looked at. */
  readonly nodeSelector: JsonObject;
  readonly hasAffinity: boolean;
  readonly place: Place;
}

/** What happens when a file or unit changes: an entry of the cluster's node disruption policy. */
export interface LiveDisruptionPolicy {
  /** A path, which stands for everything below it too, or the name of a unit. */
  readonly of: { readonly kind: 'file' | 'unit'; readonly name: string };
  /** `Reboot`, `None`, `Drain`, `Reload`, `Restart`, `DaemonReload`. */
  readonly actions: readonly string[];
  /** The units that `Restart` and `Reload` name. */
  readonly services: readonly string[];
  readonly place: Place;
}

/** The GPU operator's ClusterPolicy; undefined when there is none. */
export function liveGpuOperator(objects: LiveObjects): LiveGpuOperator | undefined {
  const [object] = objects.of('nvidia.com', 'ClusterPolicy');
  if (object === undefined) return undefined;
  const sandbox = mapAt(object.content, 'spec', 'sandboxWorkloads');
  const isOn = (component: string): boolean => mapAt(object.content, 'spec', component)['enabled'] !== false;
  return {
    name: object.name,
    sandboxWorkloads: sandbox['enabled'] === true,
    defaultWorkload: GPU_WORKLOADS.find((one) => one === sandbox['defaultWorkload']) ?? 'container',
    sandboxDevicePlugin: isOn('sandboxDevicePlugin'),
    vfioManager: isOn('vfioManager'),
    place: object.place,
  };
}

/** What the GPU operator takes a node's GPUs for: its label, or the default where it has none of the three values. */
export function gpuWorkloadOf(operator: LiveGpuOperator, labels: JsonObject): GpuWorkload {
  const label = textAt(labels, GPU_WORKLOAD_LABEL);
  return GPU_WORKLOADS.find((one) => one === label) ?? operator.defaultWorkload;
}

/** The policies of the SR-IOV network operator that make virtual functions. */
export function liveSriovPolicies(objects: LiveObjects): LiveSriovPolicy[] {
  return objects.of('sriovnetwork.openshift.io', 'SriovNetworkNodePolicy').flatMap((object): LiveSriovPolicy[] => {
    const nic = mapAt(object.content, 'spec', 'nicSelector');
    const numVfs = mapAt(object.content, 'spec')['numVfs'];
    if (typeof numVfs !== 'number' || numVfs <= 0) return [];
    return [
      {
        name: object.name,
        nodeSelector: mapAt(object.content, 'spec', 'nodeSelector'),
        numVfs,
        vendor: textAt(nic, 'vendor')?.toLowerCase(),
        deviceId: textAt(nic, 'deviceID')?.toLowerCase(),
        rootDevices: liveTexts(object, 'spec', 'nicSelector', 'rootDevices'),
        selectsByName: listAt(nic, 'pfNames').length > 0 || textAt(nic, 'netFilter') !== undefined,
        place: object.place,
      },
    ];
  });
}

/** The PerformanceProfiles of the node tuning operator. */
export function livePerformanceProfiles(objects: LiveObjects): LivePerformanceProfile[] {
  return objects.of('performance.openshift.io', 'PerformanceProfile').map((object) => ({
    name: object.name,
    nodeSelector: mapAt(object.content, 'spec', 'nodeSelector'),
    additionalKernelArgs: liveTexts(object, 'spec', 'additionalKernelArgs'),
    poolSelector: poolSelectorOf(object),
    kubelet: kubeletOfProfile(object),
    place: object.place,
  }));
}

function poolSelectorOf({ content }: CurrentObject): JsonObject | undefined {
  const selector = jsonAt(content, 'spec', 'machineConfigPoolSelector');
  return isJsonObject(selector) && Object.keys(selector).length > 0 ? selector : undefined;
}

/**
 * What the node tuning operator writes into the KubeletConfig that it makes of a profile.
 *
 * @see https://github.com/openshift/cluster-node-tuning-operator/blob/release-4.20/pkg/performanceprofile/controller/performanceprofile/components/kubeletconfig/kubeletconfig.go
 */
function kubeletOfProfile({ content }: CurrentObject): JsonObject {
  return {
    cpuManagerPolicy: 'static',
    topologyManagerPolicy: textAt(content, 'spec', 'numa', 'topologyPolicy') ?? 'best-effort',
  };
}

/** The KubeletConfigs of the machine-config-operator. */
export function liveKubeletConfigs(objects: LiveObjects): LiveKubeletConfig[] {
  return objects.of('machineconfiguration.openshift.io', 'KubeletConfig').map((object) => ({
    name: object.name,
    selector: jsonAt(object.content, 'spec', 'machineConfigPoolSelector'),
    settings: mapAt(object.content, 'spec', 'kubeletConfig'),
    place: object.place,
  }));
}

/** The DaemonSets of the cluster. */
export function liveDaemonSets(objects: LiveObjects): LiveDaemonSet[] {
  return objects.of('apps', 'DaemonSet').map((object) => ({
    namespace: object.namespace,
    name: object.name,
    images: imagesOf(object),
    nodeSelector: mapAt(object.content, 'spec', 'template', 'spec', 'nodeSelector'),
    hasAffinity: jsonAt(object.content, 'spec', 'template', 'spec', 'affinity') !== undefined,
    place: object.place,
  }));
}

/** The entries of the node disruption policy, which the object `cluster` holds. */
export function liveDisruptionPolicies(objects: LiveObjects): LiveDisruptionPolicy[] {
  return objects.of('operator.openshift.io', 'MachineConfiguration').flatMap((object) =>
    (['files', 'units'] as const).flatMap((list) => {
      const path = ['spec', 'nodeDisruptionPolicy', list] as const;
      return listAt(object.content, ...path).flatMap((entry, i): LiveDisruptionPolicy[] => {
        const name = textAt(entry, list === 'files' ? 'path' : 'name');
        if (name === undefined) return [];
        const actions = listAt(entry, 'actions');
        return [
          {
            of: { kind: list === 'files' ? 'file' : 'unit', name },
            actions: actions.flatMap((action) => textAt(action, 'type') ?? []),
            services: actions.flatMap(
              (action) => textAt(action, 'restart', 'serviceName') ?? textAt(action, 'reload', 'serviceName') ?? [],
            ),
            place: placeAt(object.place, ...path, i, list === 'files' ? 'path' : 'name'),
          },
        ];
      });
    }),
  );
}

function imagesOf(object: CurrentObject): LiveText[] {
  const path = ['spec', 'template', 'spec', 'containers'] as const;
  return listAt(object.content, ...path).flatMap((container, i) => {
    const text = isJsonObject(container) ? textAt(container, 'image') : undefined;
    return text === undefined ? [] : [{ text, place: placeAt(object.place, ...path, i, 'image') }];
  });
}
