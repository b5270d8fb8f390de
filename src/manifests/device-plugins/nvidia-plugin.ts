/*
 * NVIDIA's kubevirt-gpu-device-plugin: what its own manifest grants.
 * @see https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/b22abbede314516dbb7428e15e2d2b170e3f1d33/manifests/nvidia-kubevirt-gpu-device-plugin.yaml
 */
import type { Analysis } from '../../analysis';
import type { DeployedPlugin } from './plugin-objects';

/** What its objects are called. */
export const NVIDIA_PLUGIN_NAME = 'nvidia-kubevirt-gpu-device-plugin';

/** The plugin as it is deployed; undefined where no node holds a device that it serves. */
export function nvidiaPlugin({ fleet, nvidiaPluginNodes: nodes }: Analysis): DeployedPlugin | undefined {
  if (nodes.length === 0) return undefined;
  return {
    plugin: 'nvidia',
    name: NVIDIA_PLUGIN_NAME,
    settings: fleet.nvidiaPlugin,
    nodes,
    labels: { 'app.kubernetes.io/name': NVIDIA_PLUGIN_NAME },
    container: {},
    containerSecurity: {},
    rightsReason: 'no more than upstream grants',
    mounts: [
      {
        name: 'device-plugins',
        path: '/var/lib/kubelet/device-plugins',
        mountPath: '/var/lib/kubelet/device-plugins',
        readOnly: false,
        reason: 'sockets to and from kubelet',
      },
      {
        name: 'vfio',
        path: '/dev/vfio',
        mountPath: '/dev/vfio',
        readOnly: false,
        reason: 'groups whose presence is the health of a device',
      },
    ],
    spots: new Map(),
  };
}
