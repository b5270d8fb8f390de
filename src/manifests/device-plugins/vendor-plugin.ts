/*
 * Another vendor's device plugin: the user's DaemonSet with what only the fleet knows. The rest of it stays as it was
 * made, and its companions are written as they are.
 */
import type { AnalysedNode, Analysis } from '../../analysis';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue, type VendorDevicePlugin } from '../../model';
import { devicePluginKey } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { tolerates } from '../../analysis';
import { nodesServedBy, SELECTOR_LABEL } from './plugin-nodes';
import { affinityFor, tolerationsFor } from './plugin-placement';

/** cdk8s-plus's automatic label: it changes when a scope is inserted, and a DaemonSet's selector is immutable. */
const AUTOMATIC_LABEL = 'cdk8s.io/metadata.addr';

/** Folders that every device plugin for KubeVirt needs, beside their names as volumes. */
const NEEDED_FOLDERS = [
  { name: 'hostdev-device-plugins', path: '/var/lib/kubelet/device-plugins' },
  { name: 'hostdev-vfio', path: '/dev/vfio' },
];

/** The objects of every vendor plugin; none where no node holds a device that names it. */
export function vendorPlugins(analysis: Analysis): Manifest[] {
  return analysis.fleet.vendorPlugins.flatMap((plugin) => {
    const nodes = nodesServedBy(analysis, plugin.name);
    if (nodes.length === 0) return [];
    const key = devicePluginKey(plugin.name);
    return [
      manifestOf(plugin, key, placedDaemonSet(analysis, plugin, nodes)),
      ...plugin.companions.map((companion, index) => manifestOf(plugin, `${key}/${index}`, companion)),
    ];
  });
}

function manifestOf(plugin: VendorDevicePlugin, key: string, content: JsonObject): Manifest {
  const { kind } = content;
  const name = jsonAt(content, 'metadata', 'name');
  return {
    key,
    path: outputPath(
      'device-plugins',
      objectFile(typeof kind === 'string' ? kind : 'object', typeof name === 'string' ? name : plugin.name),
    ),
    content,
    comments: NO_COMMENTS,
    modelPath: `devicePlugins.${plugin.name}`,
    trace: () => plugin.place,
  };
}

const NO_COMMENTS = new Map<string, string>();

function placedDaemonSet(
  { fleet }: Analysis,
  { name, daemonSet }: VendorDevicePlugin,
  nodes: readonly AnalysedNode[],
): JsonObject {
  const spec = objectAt(daemonSet, 'spec');
  const template = objectAt(spec, 'template');
  const podSpec = objectAt(template, 'spec');
  const metadata = objectAt(template, 'metadata');
  const label = { [SELECTOR_LABEL]: name };
  return {
    ...daemonSet,
    spec: {
      ...spec,
      selector: { matchLabels: label },
      template: {
        ...template,
        metadata: { ...metadata, labels: { ...without(objectAt(metadata, 'labels'), AUTOMATIC_LABEL), ...label } },
        spec: {
          ...podSpec,
          ...withFolders(podSpec),
          affinity: { ...objectAt(podSpec, 'affinity'), ...affinityFor(fleet, nodes) },
          ...withTolerations(podSpec, nodes),
        },
      },
    },
  };
}

function withTolerations(podSpec: JsonObject, nodes: readonly AnalysedNode[]): JsonObject {
  const typed = listAt(podSpec, 'tolerations');
  const taints = nodes.flatMap(({ pools }) => pools.flatMap((pool) => pool.taints));
  const isCovered = taints.every((taint) => typed.some((toleration) => tolerates(toleration, taint)));
  if (isCovered) return {};
  const known = new Set(typed.map((toleration) => JSON.stringify(toleration)));
  return {
    tolerations: [...typed, ...tolerationsFor(nodes).filter((toleration) => !known.has(JSON.stringify(toleration)))],
  };
}

/** Adds the folders that no volume of the pod shows yet, mounted in its first container. */
function withFolders(podSpec: JsonObject): JsonObject {
  const volumes = listAt(podSpec, 'volumes');
  const [first, ...others] = listAt(podSpec, 'containers');
  const shown = volumes.map((volume) => jsonAt(volume, 'hostPath', 'path'));
  const missing = NEEDED_FOLDERS.filter(
    ({ path }) => !shown.some((folder) => folder === path || folder === `${path}/`),
  );
  if (missing.length === 0 || !isJsonObject(first)) return {};
  const mounts = missing.map(({ name, path }) => ({ name, mountPath: path }));
  return {
    volumes: [...volumes, ...missing.map(({ name, path }) => ({ name, hostPath: { path } }))],
    containers: [{ ...first, volumeMounts: [...listAt(first, 'volumeMounts'), ...mounts] }, ...others],
  };
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = jsonAt(parent, key);
  return isJsonObject(value) ? value : {};
}

function listAt(parent: JsonObject, key: string): readonly JsonValue[] {
  const value = jsonAt(parent, key);
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
