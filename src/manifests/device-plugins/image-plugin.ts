/*
 * Another vendor's device plugin that the fleet describes by its image. It is given what every device plugin for KubeVirt needs, and
 * what the fleet states besides; one that needs more rights is brought as a DaemonSet by a program.
 */
import type { Analysis } from '../../analysis';
import type { Device, DevicePluginHostPath, ImageDevicePlugin, JsonObject } from '../../model';
import { placeAt, type Place, type Pointer } from '../../source';
import { nodesServedBy, SELECTOR_LABEL } from './plugin-nodes';
import type { DeployedPlugin, PluginMount } from './plugin-objects';

const SOCKETS = '/var/lib/kubelet/device-plugins';
const CONTAINER: Pointer = '/spec/template/spec/containers/0';

/** The plugins that serve a device of some node. */
export function imagePlugins(analysis: Analysis): DeployedPlugin[] {
  return analysis.fleet.imagePlugins.flatMap((plugin) => {
    const { name, place, command, args, env, readOnlyRootFilesystem } = plugin;
    const nodes = nodesServedBy(analysis, name);
    if (nodes.length === 0) return [];
    const container: JsonObject = {
      ...(command === undefined ? {} : { command }),
      ...(args.length === 0 ? {} : { args }),
      ...(env.length === 0 ? {} : { env: env.map(variable) }),
    };
    return [
      {
        plugin: name,
        name,
        settings: plugin,
        nodes,
        labels: { [SELECTOR_LABEL]: name },
        container,
        containerSecurity: readOnlyRootFilesystem ? { readOnlyRootFilesystem } : {},
        rightsReason: 'a device plugin needs no rights of its own: it looks, and answers kubelet',
        mounts: mountsOf(analysis, plugin),
        spots: new Map<Pointer, Place>(
          ['command', 'args', 'env'].map((field) => [`${CONTAINER}/${field}`, placeAt(place, field)]),
        ),
      },
    ];
  });
}

function variable({ name, value, fieldPath }: ImageDevicePlugin['env'][number]): JsonObject {
  if (fieldPath !== undefined) return { name, valueFrom: { fieldRef: { fieldPath } } };
  return { name, value: value ?? '' };
}

/** A path that the fleet states under one of ours takes its place. */
function mountsOf({ fleet }: Analysis, plugin: ImageDevicePlugin): PluginMount[] {
  const kinds = new Set(
    fleet.devices
      .filter(({ devicePlugin }) => devicePlugin.kind === 'named' && devicePlugin.name === plugin.name)
      .map(({ kind }) => kind),
  );
  const stated = new Set(plugin.hostPaths.map(({ mountPath }) => withoutSlash(mountPath)));
  return [
    ...neededMounts(kinds).filter(({ mountPath }) => !stated.has(mountPath)),
    ...plugin.hostPaths.map(statedMount),
  ];
}

function neededMounts(kinds: ReadonlySet<Device['kind']>): PluginMount[] {
  const mount = (name: string, path: string, readOnly: boolean, reason: string): PluginMount => ({
    name,
    path,
    mountPath: path,
    readOnly,
    reason,
  });
  return [
    mount('device-plugins', SOCKETS, false, "the plugin's socket, and kubelet's to register with"),
    ...([...kinds].some((kind) => kind !== 'usb')
      ? [mount('vfio', '/dev/vfio', true, 'groups whose presence is the health of a device: watched only')]
      : []),
    ...(kinds.has('usb')
      ? [mount('usb', '/dev/bus/usb', true, 'nodes whose presence is the health of a device: watched only')]
      : []),
  ];
}

function statedMount({ path, mountPath, readOnly }: DevicePluginHostPath, index: number): PluginMount {
  return { name: `host-path-${index + 1}`, path, mountPath, readOnly, reason: undefined };
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
