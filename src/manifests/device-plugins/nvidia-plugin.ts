/*
 * NVIDIA's kubevirt-gpu-device-plugin: what its own manifest grants, and on OpenShift what lets such a pod in.
 * @see https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/b22abbede314516dbb7428e15e2d2b170e3f1d33/manifests/nvidia-kubevirt-gpu-device-plugin.yaml
 */
import type { Analysis } from '../../analysis';
import type { JsonObject, NodePlatform } from '../../model';
import { placeAt, type Pointer } from '../../source';
import { commentText } from '../comment';
import { devicePluginKey } from '../keys';
import type { Manifest } from '../manifest';
import { openshiftMinor } from '../openshift-version';
import { objectFile, outputPath } from '../output-path';
import { traceBy } from '../trace';
import { affinityFor, tolerationsFor } from './plugin-placement';

/** The namespace that is emitted with the plugin; any other is the user's. */
export const OWN_NAMESPACE = 'hostdev-device-plugins';

const NAME = 'nvidia-kubevirt-gpu-device-plugin';
const MODEL_PATH = 'devicePlugins.nvidia';

/** What a platform asks for besides, before a pod may mount host folders. */
interface PlatformNeeds {
  readonly namespaceLabels: JsonObject;
  readonly namespaceAnnotations: JsonObject;
  readonly containerSecurity: JsonObject;
  /** The cluster role that lets the pod in, and why it is this one; undefined: none is needed. */
  readonly admission: (
    platformVersion: string | undefined,
  ) => { readonly role: string; readonly reason: string } | undefined;
}

/** Kubernetes without policies of its own: the namespace's labels let such a pod in. */
const PLAIN: PlatformNeeds = {
  namespaceLabels: {},
  namespaceAnnotations: {},
  containerSecurity: {},
  admission: () => undefined,
};

const PLATFORM_NEEDS: Readonly<Record<NodePlatform, PlatformNeeds>> = {
  openshift: {
    // the synchroniser would set the labels by what service accounts may do
    namespaceLabels: { 'security.openshift.io/scc.podSecurityLabelSync': 'false' },
    // a cluster-wide default node selector would keep the pods off these nodes
    namespaceAnnotations: { 'openshift.io/node-selector': '' },
    containerSecurity: { seLinuxOptions: { type: 'container_device_plugin_t' } },
    admission: (version) =>
      (openshiftMinor(version) ?? 0) >= 19
        ? {
            role: 'system:openshift:scc:hostmount-anyuid-v2',
            reason:
              'the least that OpenShift has from 4.19 on for host folders with an SELinux type that the pod names',
          }
        : {
            role: 'system:openshift:scc:privileged',
            reason:
              'before 4.19 no other that OpenShift has lets a pod name its SELinux type; the container itself is not privileged',
          },
  },
  talos: PLAIN,
  ignition: PLAIN,
  'cloud-init': PLAIN,
  linux: PLAIN,
};

/** The plugin's objects; none where no node holds a device that it serves. */
export function nvidiaPlugin(analysis: Analysis): Manifest[] {
  const { fleet, nvidiaPluginNodes: nodes } = analysis;
  if (nodes.length === 0) return [];
  const { namespace } = fleet.nvidiaPlugin;
  const needs = PLATFORM_NEEDS[fleet.cluster.nodePlatform];
  const admission = needs.admission(fleet.cluster.nodePlatformVersion);
  const metadata = { name: NAME, namespace, labels: { 'app.kubernetes.io/name': NAME } };
  const make = (
    key: string,
    content: JsonObject & { readonly kind: string },
    comments: readonly (readonly [Pointer, string])[],
    name = NAME,
  ): Manifest => ({
    key,
    path: outputPath('device-plugins', objectFile(content.kind, name)),
    content,
    comments: new Map(comments.map(([pointer, text]) => [pointer, commentText(text)])),
    modelPath: MODEL_PATH,
    trace: traceBy(
      new Map(
        ['image', 'imagePullSecrets'].map((field) => [
          `/spec/template/spec/${field === 'image' ? 'containers/0/image' : field}`,
          placeAt(fleet.nvidiaPlugin.place, field),
        ]),
      ),
      fleet.nvidiaPlugin.place,
    ),
  });
  const key = devicePluginKey('nvidia');
  const manifests = [
    make(
      `${key}/service-account`,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
      [['/automountServiceAccountToken', 'the plugin talks to kubelet only']],
    ),
    ...(admission === undefined
      ? []
      : [
          make(
            `${key}/role-binding`,
            {
              apiVersion: 'rbac.authorization.k8s.io/v1',
              kind: 'RoleBinding',
              metadata,
              roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: admission.role },
              subjects: [{ kind: 'ServiceAccount', name: NAME, namespace }],
            },
            [['/roleRef', admission.reason]],
          ),
        ]),
    make(key, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: daemonSetSpec(analysis, needs) }, [
      [
        '/spec/updateStrategy',
        'replaced when the pod is deleted, so that a new image does not touch every node at once',
      ],
      ['/spec/selector', 'immutable: it never changes with the fleet'],
      ['/spec/template/spec/affinity', 'exactly the nodes that hold a device served by this plugin'],
      ['/spec/template/spec/containers/0/securityContext', 'no more than upstream grants'],
      ['/spec/template/spec/containers/0/volumeMounts/0', 'sockets to and from kubelet'],
      ['/spec/template/spec/containers/0/volumeMounts/1', 'groups whose presence is the health of a device'],
    ]),
  ];
  if (namespace !== OWN_NAMESPACE) return manifests;
  const ownNamespace = make(
    `${key}/namespace`,
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
        ...(Object.keys(needs.namespaceAnnotations).length === 0 ? {} : { annotations: needs.namespaceAnnotations }),
      },
    },
    [
      [
        '/metadata/labels',
        'device plugins mount host folders, which every lower level refuses; nothing else belongs in here',
      ],
      ...(Object.keys(needs.namespaceAnnotations).length === 0
        ? []
        : [['/metadata/annotations', 'a default node selector of the cluster does not apply in here'] as const]),
    ],
    OWN_NAMESPACE,
  );
  return [ownNamespace, ...manifests];
}

function daemonSetSpec({ fleet, nvidiaPluginNodes: nodes }: Analysis, needs: PlatformNeeds): JsonObject {
  const { image, imagePullSecrets } = fleet.nvidiaPlugin;
  const labels = { 'app.kubernetes.io/name': NAME };
  const folders = [
    { name: 'device-plugins', path: '/var/lib/kubelet/device-plugins' },
    { name: 'vfio', path: '/dev/vfio' },
  ];
  return {
    selector: { matchLabels: labels },
    updateStrategy: { type: 'OnDelete' },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: NAME,
        automountServiceAccountToken: false,
        priorityClassName: 'system-node-critical',
        affinity: affinityFor(fleet, nodes),
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, ...tolerationsFor(nodes)],
        ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
        containers: [
          {
            name: 'device-plugin',
            image,
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              ...needs.containerSecurity,
            },
            resources: { requests: { cpu: '10m', memory: '64Mi' } },
            volumeMounts: folders.map(({ name, path }) => ({ name, mountPath: path })),
          },
        ],
        volumes: folders.map(({ name, path }) => ({ name, hostPath: { path } })),
      },
    },
  };
}
