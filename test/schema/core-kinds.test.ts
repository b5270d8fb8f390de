import type { JsonObject, JsonValue } from '../../src/model';
import { coreKindComplaints } from './core-kinds';

const daemonSet = (container: JsonObject, more: Record<string, JsonValue> = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'plugin', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { name: 'plugin' } },
    template: {
      metadata: { labels: { name: 'plugin' } },
      spec: {
        containers: [{ name: 'plugin', image: 'registry.example.com/plugin:1', ...container }],
        tolerations: [{ operator: 'Exists' }],
        volumes: [{ name: 'plugins', hostPath: { path: '/var/lib/kubelet/device-plugins' } }],
        ...more,
      },
    },
  },
});

test('accepts a DaemonSet as a device plugin needs it', () => {
  const container = {
    securityContext: { privileged: true },
    volumeMounts: [{ name: 'plugins', mountPath: '/var/lib/kubelet/device-plugins' }],
    resources: { limits: { memory: '512Mi', cpu: 1 } },
  };

  expect(coreKindComplaints(daemonSet(container))).toEqual([]);
});

test('refuses a misspelt field and a value of another type', () => {
  expect(coreKindComplaints(daemonSet({ volumeMount: [] }))).toMatchObject([
    { kind: 'unknown-field', suggestion: 'volumeMounts' },
  ]);
  expect(coreKindComplaints(daemonSet({}, { nodeSelector: { zone: 1 } }))).toMatchObject([
    { pointer: '/spec/template/spec/nodeSelector/zone', kind: 'wrong-type' },
  ]);
});

test.each([
  ['v1', 'Namespace'],
  ['v1', 'ServiceAccount'],
  ['v1', 'ConfigMap'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['batch/v1', 'Job'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['resource.k8s.io/v1', 'DeviceClass'],
  ['resource.k8s.io/v1', 'ResourceClaim'],
  ['resource.k8s.io/v1', 'ResourceClaimTemplate'],
  ['scheduling.k8s.io/v1', 'PriorityClass'],
])('knows %s %s', (apiVersion, kind) => {
  expect(coreKindComplaints({ apiVersion, kind, metadata: { name: 'a', labels: {} } })).toEqual([]);
  expect(coreKindComplaints({ apiVersion, kind, metadata: { nam: 'a' } })).toHaveLength(1);
});

test('says that it does not know a kind', () => {
  expect(coreKindComplaints({ apiVersion: 'v1', kind: 'Pet', metadata: {} })).toBeUndefined();
});
