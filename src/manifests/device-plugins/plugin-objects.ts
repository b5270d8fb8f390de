/*
 * The objects of a device plugin that the fleet deploys from an image: a service account without a token, on OpenShift what lets such a
 * pod in, and a DaemonSet on exactly the nodes that hold a device naming it. No capability, no way up, and host folders one by one.
 */
import type { AnalysedNode, Analysis } from '../../analysis';
import type { DevicePluginSettings, JsonObject, JsonValue } from '../../model';
import { placeAt, type Place, type Pointer } from '../../source';
import { commentText } from '../comment';
import { devicePluginKeys, PLUGIN_NAMESPACE_KEY } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { traceBy } from '../trace';
import { PLATFORM_NEEDS, type PlatformNeeds } from './platform-needs';
import { affinityFor, tolerationsFor } from './plugin-placement';

/** The namespace that is emitted with the plugins; any other is the user's. */
export const OWN_NAMESPACE = 'hostdev-device-plugins';

/** A folder or file of the node in the plugin's container. */
export interface PluginMount {
  /** The volume's name. */
  readonly name: string;
  readonly path: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
  /** Why it is there; undefined: the fleet says so. */
  readonly reason: string | undefined;
}

/** A device plugin with everything that its objects are made from. */
export interface DeployedPlugin {
  /** Its name in the fleet. */
  readonly plugin: string;
  /** What its objects are called. */
  readonly name: string;
  readonly settings: DevicePluginSettings;
  readonly nodes: readonly AnalysedNode[];
  /** Labels of its pods, by which the DaemonSet selects them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Fields of the container besides image, rights, resources and mounts. */
  readonly container: JsonObject;
  readonly containerSecurity: JsonObject;
  readonly mounts: readonly PluginMount[];
  /** Why the container has these rights and no others. */
  readonly rightsReason: string;
  /** The keys of the fleet's entry that spots of the DaemonSet come from. */
  readonly spots: ReadonlyMap<Pointer, Place>;
}

const POD: Pointer = '/spec/template/spec';
const CONTAINER: Pointer = `${POD}/containers/0`;

/** The objects of plugins, with the namespace of those that have none of the user's. */
export function pluginObjects(analysis: Analysis, plugins: readonly DeployedPlugin[]): Manifest[] {
  const needs = PLATFORM_NEEDS[analysis.fleet.cluster.nodePlatform];
  const inOwn = plugins.find(({ settings }) => settings.namespace === OWN_NAMESPACE);
  return [
    ...(inOwn === undefined ? [] : [ownNamespace(inOwn, needs)]),
    ...plugins.flatMap((plugin) => objectsOf(analysis, plugin, needs)),
  ];
}

function objectsOf(analysis: Analysis, deployed: DeployedPlugin, needs: PlatformNeeds): Manifest[] {
  const { plugin, name, settings, mounts, rightsReason } = deployed;
  const { namespace } = settings;
  const admission = needs.admission(analysis.fleet.cluster.nodePlatformVersion);
  const metadata = { name, namespace, labels: { 'app.kubernetes.io/name': name } };
  const keys = devicePluginKeys(plugin);
  return [
    manifestOf(
      deployed,
      keys.serviceAccount,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
      [['/automountServiceAccountToken', 'the plugin talks to kubelet only']],
    ),
    ...(admission === undefined
      ? []
      : [
          manifestOf(
            deployed,
            keys.roleBinding,
            {
              apiVersion: 'rbac.authorization.k8s.io/v1',
              kind: 'RoleBinding',
              metadata,
              roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: admission.role },
              subjects: [{ kind: 'ServiceAccount', name, namespace }],
            },
            [['/roleRef', admission.reason]],
          ),
        ]),
    manifestOf(
      deployed,
      keys.daemonSet,
      { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: daemonSetSpec(analysis, deployed, needs) },
      [
        [
          '/spec/updateStrategy',
          'replaced when the pod is deleted, so that a new image does not touch every node at once',
        ],
        ['/spec/selector', 'immutable: it never changes with the fleet'],
        [`${POD}/affinity`, 'exactly the nodes that hold a device served by this plugin'],
        [`${CONTAINER}/securityContext`, rightsReason],
        ...mounts.flatMap(({ reason }, i): [Pointer, string][] =>
          reason === undefined ? [] : [[`${CONTAINER}/volumeMounts/${i}`, reason]],
        ),
      ],
    ),
  ];
}

function daemonSetSpec({ fleet }: Analysis, deployed: DeployedPlugin, needs: PlatformNeeds): JsonObject {
  const { name, settings, nodes, labels, container, containerSecurity, mounts } = deployed;
  const { image, imagePullSecrets, priorityClassName, resources } = settings;
  const volumes = new Map(mounts.map((mount) => [mount.name, { name: mount.name, hostPath: { path: mount.path } }]));
  return {
    selector: { matchLabels: labels },
    updateStrategy: { type: 'OnDelete' },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: name,
        automountServiceAccountToken: false,
        priorityClassName,
        affinity: affinityFor(fleet, nodes),
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, ...tolerationsFor(nodes)],
        ...(imagePullSecrets.length === 0
          ? {}
          : { imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })) }),
        containers: [
          {
            name: 'device-plugin',
            image,
            ...container,
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              ...containerSecurity,
              ...needs.containerSecurity,
            },
            resources,
            volumeMounts: mounts.map(mountOf),
          },
        ],
        volumes: [...volumes.values()],
      },
    },
  };
}

function mountOf({ name, mountPath, readOnly }: PluginMount): JsonValue {
  return readOnly ? { name, mountPath, readOnly } : { name, mountPath };
}

function ownNamespace(deployed: DeployedPlugin, needs: PlatformNeeds): Manifest {
  const isAnnotated = Object.keys(needs.namespaceAnnotations).length > 0;
  return manifestOf(
    deployed,
    PLUGIN_NAMESPACE_KEY,
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: OWN_NAMESPACE,
        labels: {
          // host folders are beyond the baseline
          'pod-security.kubernetes.io/enforce': 'privileged',
          'pod-security.kubernetes.io/audit': 'privileged',
          'pod-security.kubernetes.io/warn': 'privileged',
          ...needs.namespaceLabels,
        },
        ...(isAnnotated ? { annotations: needs.namespaceAnnotations } : {}),
      },
    },
    [
      [
        '/metadata/labels',
        'device plugins mount host folders, which every lower level refuses; nothing else belongs in here',
      ],
      ...(isAnnotated
        ? [['/metadata/annotations', 'a default node selector of the cluster does not apply in here'] as const]
        : []),
    ],
    OWN_NAMESPACE,
  );
}

function manifestOf(
  { plugin, name, settings, spots }: DeployedPlugin,
  key: string,
  content: JsonObject & { readonly kind: string },
  comments: readonly (readonly [Pointer, string])[],
  file = name,
): Manifest {
  const ofSettings: [Pointer, Place][] = [
    [`${CONTAINER}/image`, placeAt(settings.place, 'image')],
    [`${POD}/imagePullSecrets`, placeAt(settings.place, 'imagePullSecrets')],
    [`${POD}/priorityClassName`, placeAt(settings.place, 'priorityClassName')],
    [`${CONTAINER}/resources`, placeAt(settings.place, 'resources')],
  ];
  return {
    key,
    path: outputPath('device-plugins', objectFile(content.kind, file)),
    content,
    comments: new Map(comments.map(([pointer, text]) => [pointer, commentText(text)])),
    modelPath: `devicePlugins.${plugin}`,
    trace: traceBy(new Map([...ofSettings, ...spots]), settings.place),
  };
}
