import { analyse } from '../../../src/analysis';
import type { Fleet, JsonObject } from '../../../src/model';
import { coreKindComplaints } from '../../schema/core-kinds';
import { at, compiled, compiledAnalysis, type Compiled } from './compiled';

const fleetOf = (pools: string, rest = '', version = '4.20'): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, nodePlatformVersion: "${version}", kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4, externalResourceProvider: true, devicePlugin: nvidia }
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
  nodePools:
${pools}
${rest}`;

const GPU =
  '    gpu: { nodes: [n2, n10], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:3b:00.0"] }] }';
const TERMS = ['nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'];
const terms = ({ manifest }: Compiled, plugin = 'nvidia'): unknown =>
  at(manifest(`device-plugin/${plugin}`), 'spec', 'template', 'spec', 'affinity', ...TERMS);
const hostNames = (...values: readonly string[]): JsonObject => ({
  matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }],
});

describe('NVIDIA’s plugin', () => {
  it('is not there where nothing is served by it', () => {
    const { set } = compiled(fleetOf('    a: { nodes: [n1], cpuVendor: intel, passthrough: [{ device: qat }] }'));
    expect(set.manifests.some(({ path }) => path.startsWith('device-plugins/'))).toBe(false);
  });

  it('runs on the nodes that hold a device of its own, by name', () => {
    const other =
      '    a: { nodes: [n1], cpuVendor: intel, passthrough: [{ device: qat, addresses: ["0000:3c:00.0"] }] }';
    expect(terms(compiled(fleetOf(`${GPU}\n${other}`)))).toEqual([hostNames('n2', 'n10')]);
  });

  it('runs on a pool by its labels only where every node of the pool holds one', () => {
    const labelled = GPU.replace('cpuVendor', 'nodeSelector: { gpu: "yes", zone: a }, cpuVendor');
    const whole = {
      matchExpressions: [
        { key: 'gpu', operator: 'In', values: ['yes'] },
        { key: 'zone', operator: 'In', values: ['a'] },
      ],
    };
    expect(terms(compiled(fleetOf(labelled)))).toEqual([whole]);
    const part = labelled.replace('["0000:3b:00.0"]', '{ n2: ["0000:3b:00.0"], n10: [] }');
    expect(terms(compiled(fleetOf(part)))).toEqual([hostNames('n2')]);
  });

  it('tolerates the taints of its pools, each once', () => {
    const tainted = `${GPU.replace('cpuVendor', 'taints: [{ key: gpu, effect: NoSchedule }], cpuVendor')}
    more: { nodes: [n3], cpuVendor: amd, taints: [{ key: gpu, effect: NoSchedule }, { key: x, value: y, effect: NoExecute }], passthrough: [{ device: t4, addresses: ["0000:3b:00.0"] }] }`;
    const { manifest } = compiled(fleetOf(tainted));
    expect(at(manifest('device-plugin/nvidia'), 'spec', 'template', 'spec', 'tolerations')).toEqual([
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: 'gpu', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'x', operator: 'Equal', value: 'y', effect: 'NoExecute' },
    ]);
  });

  it('takes image and pull secrets from the fleet, and leaves a namespace of the user’s alone', () => {
    const settings =
      '  devicePlugins: { nvidia: { image: "registry.example/dp:1", imagePullSecrets: [pull], namespace: gpus } }';
    const { has, manifest } = compiled(fleetOf(GPU, settings));
    expect(has('device-plugins/namespace')).toBe(false);
    expect(at(manifest('device-plugin/nvidia'), 'metadata', 'namespace')).toBe('gpus');
    expect(at(manifest('device-plugin/nvidia/role-binding'), 'subjects', 0, 'namespace')).toBe('gpus');
    const pod = at(manifest('device-plugin/nvidia'), 'spec', 'template', 'spec') as JsonObject;
    expect(pod['imagePullSecrets']).toEqual([{ name: 'pull' }]);
    expect(at(manifest('device-plugin/nvidia'), 'spec', 'template', 'spec', 'containers', 0, 'image')).toBe(
      'registry.example/dp:1',
    );
  });

  it.each([
    ['4.18', 'system:openshift:scc:privileged'],
    ['4.19', 'system:openshift:scc:hostmount-anyuid-v2'],
  ])('is let in on OpenShift %s by %s', (version, role) => {
    const { manifest } = compiled(fleetOf(GPU, '', version));
    expect(at(manifest('device-plugin/nvidia/role-binding'), 'roleRef', 'name')).toBe(role);
  });
});

describe('another vendor’s plugin', () => {
  const daemonSet: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'qat', namespace: 'vendor' },
    spec: {
      selector: { matchLabels: { 'cdk8s.io/metadata.addr': 'c8a1' } },
      minReadySeconds: 5,
      template: {
        metadata: { labels: { 'cdk8s.io/metadata.addr': 'c8a1', app: 'qat' } },
        spec: {
          affinity: { podAntiAffinity: {} },
          tolerations: [{ key: 'own', operator: 'Exists' }],
          containers: [
            { name: 'qat', image: 'vendor/qat:1', volumeMounts: [{ name: 'vfio', mountPath: '/dev/vfio' }] },
          ],
          volumes: [{ name: 'vfio', hostPath: { path: '/dev/vfio' } }],
        },
      },
    },
  };
  const companions: JsonObject[] = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'qat', namespace: 'vendor' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'qat', namespace: 'a' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'qat', namespace: 'b' } },
  ];

  const withVendor = (pools: string): Compiled => {
    const { fleet } = compiled(fleetOf(pools)).analysis;
    const devices = fleet.devices.map((device) =>
      device.name === 'qat' ? { ...device, devicePlugin: { kind: 'named', name: 'qat' } as const } : device,
    );
    const vendor: Fleet = {
      ...fleet,
      devices,
      vendorPlugins: [{ name: 'qat', daemonSet, companions, place: fleet.place }],
    };
    return compiledAnalysis(analyse(vendor));
  };
  const QAT =
    '    a: { nodes: [n1], cpuVendor: intel, taints: [{ key: q, effect: NoSchedule }], passthrough: [{ device: qat, addresses: ["0000:3c:00.0"] }] }';

  it('gets nodes, tolerations, a fixed selector and the folders that it lacks; the rest stays', () => {
    const result = withVendor(`${QAT}\n${GPU}`);
    expect(terms(result, 'qat')).toEqual([hostNames('n1')]);
    const label = { 'hostdev.cdk8s.io/device-plugin': 'qat' };
    expect(result.manifest('device-plugin/qat').content).toMatchObject({
      metadata: { name: 'qat', namespace: 'vendor' },
      spec: {
        minReadySeconds: 5,
        selector: { matchLabels: label },
        template: {
          metadata: { labels: { app: 'qat', ...label } },
          spec: {
            affinity: { podAntiAffinity: {} },
            tolerations: [
              { key: 'own', operator: 'Exists' },
              { key: 'q', operator: 'Exists', effect: 'NoSchedule' },
            ],
            containers: [
              {
                name: 'qat',
                image: 'vendor/qat:1',
                volumeMounts: [
                  { name: 'vfio', mountPath: '/dev/vfio' },
                  { name: 'hostdev-device-plugins', mountPath: '/var/lib/kubelet/device-plugins' },
                ],
              },
            ],
            volumes: [
              { name: 'vfio', hostPath: { path: '/dev/vfio' } },
              { name: 'hostdev-device-plugins', hostPath: { path: '/var/lib/kubelet/device-plugins' } },
            ],
          },
        },
      },
    });
    expect(JSON.stringify(result.manifest('device-plugin/qat').content)).not.toContain('metadata.addr');
  });

  it('has its companions as they are, each in a file of its own', () => {
    const { set } = withVendor(QAT);
    const files = set.manifests.filter(({ key }) => key.startsWith('device-plugin/qat/'));
    expect(files.map(({ content }) => content)).toEqual(expect.arrayContaining(companions));
    expect(files.map(({ path }) => path)).toEqual([
      'device-plugins/configmap.qat.2.yaml',
      'device-plugins/configmap.qat.yaml',
      'device-plugins/serviceaccount.qat.yaml',
    ]);
  });

  it('is not there where no node holds a device that names it', () => {
    expect(withVendor(GPU).has('device-plugin/qat')).toBe(false);
  });
});

describe('a plugin by its image', () => {
  const plugin = (entry: string, pools: string, device = 'pci: ["1ae0:0056"]', more = ''): Compiled =>
    compiled(`
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, nodePlatformVersion: "4.20", kubevirt: { version: "1.6" } }
  devices:
    npu: { ${device}, resourceName: acme.example.com/npu, devicePlugin: acme }
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4, devicePlugin: nvidia }
  devicePlugins:
    acme: ${entry}
${more}
  nodePools:
${pools}
`);
  const NPUS = `    npus: { nodes: [n1], cpuVendor: intel, taints: [{ key: npu, effect: NoSchedule }], passthrough: [{ device: npu, addresses: ["0000:c1:00.0"] }] }`;
  const container = ({ manifest }: Compiled): JsonObject =>
    at(manifest('device-plugin/acme'), 'spec', 'template', 'spec', 'containers', 0) as JsonObject;

  it('has no rights, what every plugin needs, and what the fleet states', () => {
    const result = plugin(
      '{ image: "r.example/acme:1", args: [-v], env: [{ name: A, value: "b: c" }], hostPaths: [{ path: /run/acme, mountPath: /state, readOnly: false }, { path: /etc/acme }] }',
      NPUS,
    );
    expect(container(result)).toEqual({
      name: 'device-plugin',
      image: 'r.example/acme:1',
      args: ['-v'],
      env: [{ name: 'A', value: 'b: c' }],
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
        seLinuxOptions: { type: 'container_device_plugin_t' },
      },
      resources: { requests: { cpu: '10m', memory: '64Mi' } },
      volumeMounts: [
        { name: 'device-plugins', mountPath: '/var/lib/kubelet/device-plugins' },
        { name: 'vfio', mountPath: '/dev/vfio', readOnly: true },
        { name: 'host-path-1', mountPath: '/state' },
        { name: 'host-path-2', mountPath: '/etc/acme', readOnly: true },
      ],
    });
    expect(result.manifest('device-plugin/acme').content).toMatchObject({
      metadata: { name: 'acme', namespace: 'hostdev-device-plugins' },
      spec: {
        selector: { matchLabels: { 'hostdev.cdk8s.io/device-plugin': 'acme' } },
        updateStrategy: { type: 'OnDelete' },
        template: {
          metadata: { labels: { 'hostdev.cdk8s.io/device-plugin': 'acme' } },
          spec: {
            priorityClassName: 'system-node-critical',
            tolerations: [
              { key: 'CriticalAddonsOnly', operator: 'Exists' },
              { key: 'npu', operator: 'Exists', effect: 'NoSchedule' },
            ],
            volumes: [
              { name: 'device-plugins', hostPath: { path: '/var/lib/kubelet/device-plugins' } },
              { name: 'vfio', hostPath: { path: '/dev/vfio' } },
              { name: 'host-path-1', hostPath: { path: '/run/acme' } },
              { name: 'host-path-2', hostPath: { path: '/etc/acme' } },
            ],
          },
        },
      },
    });
    expect(terms(result, 'acme')).toEqual([hostNames('n1')]);
    expect(result.text('device-plugins/daemonset.acme.yaml')).toContain('# groups whose presence is the health');
  });

  it('sees the folder of USB devices instead where it serves those', () => {
    const result = plugin(
      '{ image: "r.example/acme:1" }',
      '    desks: { nodes: [n1], cpuVendor: intel, usb: [npu] }',
      'usb: { selectors: [{ vendor: "46f4", product: "0001" }] }',
    );
    expect(container(result)['volumeMounts']).toEqual([
      { name: 'device-plugins', mountPath: '/var/lib/kubelet/device-plugins' },
      { name: 'usb', mountPath: '/dev/bus/usb', readOnly: true },
    ]);
  });

  it('takes another folder of kubelet, and writing, from the fleet', () => {
    const result = plugin(
      '{ image: "r.example/acme:1", hostPaths: [{ path: /var/lib/k0s/kubelet/device-plugins, mountPath: /var/lib/kubelet/device-plugins, readOnly: false }, { path: /dev/vfio/, readOnly: false }] }',
      NPUS,
    );
    expect(container(result)['volumeMounts']).toEqual([
      { name: 'host-path-1', mountPath: '/var/lib/kubelet/device-plugins' },
      { name: 'host-path-2', mountPath: '/dev/vfio/' },
    ]);
  });

  it('shares one namespace with others, and has objects that the API knows', () => {
    const result = plugin('{ image: "r.example/acme:1", imagePullSecrets: [pull] }', `${NPUS}\n${GPU}`);
    const objects = result.set.manifests.filter(({ path }) => path.startsWith('device-plugins/'));
    expect(objects.map(({ key }) => key)).toEqual([
      'device-plugin/acme',
      'device-plugin/nvidia',
      'device-plugins/namespace',
      'device-plugin/acme/role-binding',
      'device-plugin/nvidia/role-binding',
      'device-plugin/acme/service-account',
      'device-plugin/nvidia/service-account',
    ]);
    for (const { content } of objects) expect(coreKindComplaints(content)).toEqual([]);
  });

  it('is not there where no node holds a device that names it', () => {
    expect(plugin('{ image: "r.example/acme:1" }', GPU).has('device-plugin/acme')).toBe(false);
  });
});
