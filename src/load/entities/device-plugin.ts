import {
  isJsonObject,
  jsonAt,
  type DevicePluginHostPath,
  type DevicePluginSettings,
  type DevicePluginVariable,
  type ImageDevicePlugin,
  type JsonObject,
} from '../../model';
import { below, isTrue, itemsOf, mapOf, placedTexts, textOf, type PlaceBelow } from './values';

/** The release whose names the rules know. */
const NVIDIA_IMAGE = 'nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.6.0';

/** What a device plugin is deployed with where the fleet does not say. */
const DEFAULTS = {
  namespace: 'hostdev-device-plugins',
  priorityClassName: 'system-node-critical',
  resources: { requests: { cpu: '10m', memory: '64Mi' } },
} as const;

/** Settings of NVIDIA's plugin; left out, they are those of the release that the names were taken from. */
export function toNvidiaPluginSettings(value: unknown, at: PlaceBelow): DevicePluginSettings {
  return toSettings(mapOf(value), NVIDIA_IMAGE, at);
}

/** One entry of `devicePlugins` other than `nvidia`. One that names no image, which is an error, still is what devices name. */
export function toImagePlugin(name: string, value: unknown, at: PlaceBelow): ImageDevicePlugin {
  const plugin = mapOf(value);
  return {
    name,
    ...toSettings(plugin, '', at),
    command: Array.isArray(plugin['command']) ? textsOf(plugin['command'], at) : undefined,
    args: textsOf(plugin['args'], at),
    env: itemsOf(plugin['env']).flatMap((item, i) => toVariable(mapOf(item), below(at, 'env', i))),
    hostPaths: itemsOf(plugin['hostPaths']).flatMap((item, i) => toHostPath(mapOf(item), below(at, 'hostPaths', i))),
    readOnlyRootFilesystem: plugin['readOnlyRootFilesystem'] !== false,
  };
}

function toSettings(value: JsonObject, image: string, at: PlaceBelow): DevicePluginSettings {
  const { resources } = value;
  return {
    image: textOf(value['image']) ?? image,
    imagePullSecrets: textsOf(value['imagePullSecrets'], at),
    namespace: textOf(value['namespace']) ?? DEFAULTS.namespace,
    priorityClassName: textOf(value['priorityClassName']) ?? DEFAULTS.priorityClassName,
    resources: isJsonObject(resources) ? resources : DEFAULTS.resources,
    place: at(),
  };
}

function toVariable(value: JsonObject, at: PlaceBelow): DevicePluginVariable[] {
  const name = textOf(value['name']);
  if (name === undefined) return [];
  const fieldPath = textOf(jsonAt(value, 'valueFrom', 'fieldRef', 'fieldPath'));
  return [{ name, value: textOf(value['value']), fieldPath, place: at() }];
}

function toHostPath(value: JsonObject, at: PlaceBelow): DevicePluginHostPath[] {
  const path = textOf(value['path']);
  if (path === undefined) return [];
  const mountPath = textOf(value['mountPath']) ?? path;
  return [{ path, mountPath, readOnly: value['readOnly'] === undefined || isTrue(value['readOnly']), place: at() }];
}

function textsOf(value: unknown, at: PlaceBelow): string[] {
  return placedTexts(value, at).map(({ text }) => text);
}
