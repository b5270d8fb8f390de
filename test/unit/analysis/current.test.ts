import { analyse, foreignIdSources, type Analysis } from '../../../src/analysis';
import { loadFleet } from '../../../src/load';
import { memoryFiles, requireFleet } from '../../support/fleet-of';

function analysisOf(spec: string, objects: string, more: Readonly<Record<string, string>> = {}): Analysis {
  const files = {
    'fleet.yaml': `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: test }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
${spec}`,
    'cluster/objects.yaml': objects,
    ...more,
  };
  return analyse(requireFleet(loadFleet(memoryFiles(files), 'fleet.yaml')));
}

const GPU_POOL = `
  devices: { t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 } }
  nodePools:
    gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`;

const config = (name: string, role: string, spec: string): string => `
---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: { name: ${name}, labels: { machineconfiguration.openshift.io/role: ${role} } }
spec: ${spec}
`;

test('a custom pool gets the MachineConfigs of worker first, then its own, by name as text, and not what hostdev writes', () => {
  const { units } = analysisOf(
    GPU_POOL,
    [
      config('99-gpu', 'gpu', '{}'),
      config('100-gpu', 'gpu', '{}'),
      config('99-worker', 'worker', '{}'),
      config('100-gpu-iommu', 'gpu', '{}'),
      config('rendered-gpu-1', 'gpu', '{}'),
      config('50-master', 'master', '{}'),
    ].join(''),
  );
  expect(units[0]?.foreignConfigs.map(({ name }) => name)).toEqual(['99-worker', '100-gpu', '99-gpu']);
});

test('the lists of ids come in the order in which vfio-pci is given them', () => {
  const file = (path: string, line: string): string =>
    `{ path: ${path}, contents: { source: "data:,${encodeURIComponent(line)}" } }`;
  const { units } = analysisOf(
    GPU_POOL,
    [
      config('10-w', 'worker', '{ kernelArguments: [vfio_pci.ids=1111:1111] }'),
      config(
        '20-w',
        'worker',
        `{ config: { storage: { files: [${file('/etc/modprobe.d/z.conf', 'options vfio-pci ids=2222:2222')}, ${file('/etc/modprobe.d/a.conf', 'options vfio_pci disable_vga=1 ids=3333:ABCD,4444:4444\n')}] } } }`,
      ),
      config(
        '30-gpu',
        'gpu',
        `{ config: { storage: { files: [${file('/etc/modprobe.d/z.conf', 'options vfio-pci ids=5555:5555')}, ${file('/etc/modprobe.d/vfio.conf', 'options vfio-pci ids=6666:6666')}] } } }`,
      ),
    ].join(''),
  );
  const lists = foreignIdSources(units[0]?.foreignConfigs ?? []);
  expect(lists.map(({ path, ids, config: { name } }) => [name, path, ids])).toEqual([
    ['20-w', '/etc/modprobe.d/a.conf', ['3333:abcd', '4444:4444']],
    ['30-gpu', '/etc/modprobe.d/z.conf', ['5555:5555']],
    ['10-w', undefined, ['1111:1111']],
  ]);
});

test('a ClusterPolicy of another API group is not the GPU operator’s', () => {
  const policy = (group: string): string => `
apiVersion: ${group}/v1
kind: ClusterPolicy
metadata: { name: p }
spec: { sandboxWorkloads: { enabled: true, defaultWorkload: vm-passthrough }, vfioManager: { enabled: false } }
`;
  expect(analysisOf(GPU_POOL, policy('kyverno.io')).current?.gpuOperator).toBeUndefined();
  expect(analysisOf(GPU_POOL, policy('nvidia.com')).current?.gpuOperator).toMatchObject({
    sandboxWorkloads: true,
    defaultWorkload: 'vm-passthrough',
    vfioManager: false,
    sandboxDevicePlugin: true,
  });
});

test('a live node says what it has, and odd quantities are passed over', () => {
  const { nodes } = analysisOf(
    GPU_POOL,
    `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { kubernetes.io/arch: arm64 } }
spec: { taints: [{ key: a, effect: NoSchedule }, { key: b, effect: Strange }, 7] }
status:
  nodeInfo: { kernelVersion: 6.6.1 }
  allocatable: { cpu: "64", a.b/c: "2", a.b/d: 3, a.b/e: 1k, a.b/f: -1, __proto__: "1" }
`,
  );
  const live = nodes[0]?.live;
  expect(live).toMatchObject({ architecture: 'arm64', kernelRelease: '6.6.1', taints: [{ key: 'a' }] });
  expect([...(live?.allocatable ?? [])]).toEqual([
    ['a.b/c', 2],
    ['a.b/d', 3],
  ]);
});

describe('the driver that a function ends on', () => {
  const driversOf = (more: string, objects = config('x', 'other', '{}')): unknown =>
    analysisOf(`  inventory: inventory/\n${GPU_POOL.replace('{ device: t4 }', more)}`, objects, {
      'inventory/node01.yaml': `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  cpuVendor: intel
  functions:
    - { address: "0000:3b:00.0", class: "0302", id: "10de:1eb8", iommuGroup: 1, driver: nouveau }
    - { address: "0000:3c:00.0", class: "0302", id: "10de:20b5", iommuGroup: 2, driver: nouveau }
    - { address: "0000:3d:00.0", class: "0108", id: "8086:5845", iommuGroup: 3, driver: nvme }
`,
    }).nodes[0]?.functions.map(({ driver }) => driver);

  test('is vfio-pci where the fleet binds it', () => {
    expect(driversOf('{ device: t4 }')).toEqual(['vfio-pci', 'nouveau', 'nvme']);
  });

  test('is what the inventory shows where somebody else is to bind it', () => {
    expect(driversOf('{ device: t4, binding: external }')).toEqual(['nouveau', 'nouveau', 'nvme']);
  });

  test('is vfio-pci where a list of others claims the id, and the fleet has no list', () => {
    const list = config('x', 'worker', '{ kernelArguments: ["vfio-pci.ids=10de:20b5,8086:5845"] }');
    // a drive is bound before the list is read
    expect(driversOf('{ device: t4, binding: address, addresses: ["0000:3b:00.0"] }', list)).toEqual([
      'vfio-pci',
      'vfio-pci',
      'nvme',
    ]);
    expect(driversOf('{ device: t4 }', list)).toEqual(['vfio-pci', 'nouveau', 'nvme']);
  });

  test('is vfio-pci as well where the list stands in a file that the fleet would write, and does not', () => {
    const source = `data:,${encodeURIComponent('options vfio-pci ids=10de:20b5')}`;
    const file = `{ path: /etc/modprobe.d/vfio.conf, contents: { source: "${source}" } }`;
    const list = config('100-worker-vfiopci', 'worker', `{ config: { storage: { files: [${file}] } } }`);
    expect(driversOf('{ device: t4, binding: address, addresses: ["0000:3b:00.0"] }', list)).toEqual([
      'vfio-pci',
      'vfio-pci',
      'nvme',
    ]);
  });
});

test('operators stand in the model', () => {
  const { fleet } = loadFleet(
    memoryFiles({
      'fleet.yaml':
        'apiVersion: hostdev/v1alpha1\nkind: Fleet\nmetadata: { name: f }\nspec:\n  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, operators: [gpu-operator, strange] }\n',
    }),
    'fleet.yaml',
  );
  expect(fleet?.cluster.operators.map(({ name }) => name)).toEqual(['gpu-operator']);
});
