import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadFleet } from '../../../src/load';
import type { FileAccess } from '../../../src/source';
import { fleetText, includedText, load } from './support';

/** Every place of a model as one word, so that the rest of it can be compared. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) => (key === 'place' || key === 'specPlace' ? undefined : entry)),
  ) as unknown;
}

describe('the model of a fleet', () => {
  it('has a default for everything that may be left out', () => {
    const { fleet, problems } = load(
      fleetText(`
devices: { qat: { pci: ["8086:6F54"], resourceName: intel.com/qat } }
nodePools: { crypto: { nodes: [node10, node2], passthrough: [{ device: qat }], mediatedDevices: [{ device: qat }] } }
virtualMachines: { a: { spec: { domain: {} } } }
`),
    );

    expect(problems).toEqual([]);
    expect(withoutPlaces(fleet)).toEqual({
      name: 'lab',
      origin: 'declared',
      cluster: {
        nodePlatform: 'openshift',
        operators: [],
        gitops: undefined,
        kubevirt: {
          version: '1.6',
          managedBy: 'kubevirt',
          apiVersion: undefined,
          namespace: 'kubevirt',
          name: 'kubevirt',
          featureGates: [],
        },
      },
      devices: [
        {
          kind: 'pci',
          name: 'qat',
          resourceName: 'intel.com/qat',
          externalResourceProvider: false,
          devicePlugin: { kind: 'kubevirt' },
          selectors: [{ text: '8086:6F54', id: '8086:6f54' }],
        },
      ],
      nvidiaPlugin: {
        image: 'nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.6.0',
        imagePullSecrets: [],
        namespace: 'hostdev-device-plugins',
        priorityClassName: 'system-node-critical',
        resources: { requests: { cpu: '10m', memory: '64Mi' } },
      },
      imagePlugins: [],
      instancetypes: [],
      vendorPlugins: [],
      nodePools: [
        {
          name: 'crypto',
          nodes: [{ name: 'node2' }, { name: 'node10' }],
          nodePlatform: 'openshift',
          machineConfigPool: 'crypto',
          machineConfigPoolDeclared: false,
          machineConfigNames: {},
          iommu: { pt: false, intelArgument: 'emit', amdArgument: 'emit' },
          kernelArguments: [],
          hugepages: [],
          hostUse: [],
          taints: [],
          passthrough: [{ device: 'qat', addresses: { kind: 'all-matching' }, binding: 'auto', acknowledge: [] }],
          mediatedDevices: [{ device: 'qat', createdBy: 'kubevirt' }],
          sriov: [],
          usb: [],
        },
      ],
      virtualMachines: [
        {
          id: 'a',
          kind: 'VirtualMachine',
          replicas: 1,
          namespace: 'default',
          name: 'a',
          metadata: {},
          gpus: [],
          hostDevices: [],
          spec: { domain: {} },
          machine: { runStrategy: 'Always' },
        },
      ],
      inventories: [],
    });
  });

  it('keeps everything that is written', () => {
    const { fleet, problems } = load(
      fleetText(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10DE:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
  odd: { pci: ["10de:*"] }
devicePlugins: { nvidia: { image: "registry:5000/dp:1", imagePullSecrets: [pull], namespace: nvidia } }
nodePools:
  gpu:
    nodes: [node01]
    nodeSelector: { node-role.kubernetes.io/gpu: "" }
    cpuVendor: amd
    machineConfigPool: worker
    maxUnavailable: 10%
    machineConfigNames: { kernelArguments: 100-iommu, vfio: 100-vfiopci }
    iommu: { pt: true, intelArgument: omit, amdArgument: omit }
    kernelArguments: [b=1, a=2]
    hostUse: [{ addresses: ["0000:5F:00.0", "nonsense"], nodes: [node01], reason: Ceph OSD }]
    taints: [{ key: gpu, value: "yes", effect: NoSchedule }]
    passthrough:
      - device: odd
        addresses: { node01: ["0000:05:00.0"], node00: [] }
        binding: address
        companions: ["10de:10f7"]
        acknowledge: { pci/b: second, pci/a: first }
    mediatedDevices: [{ device: t4-1q, createdBy: host, count: 16 }]
    usb: [stick]
`),
    );

    expect(problems).toEqual([]);
    expect(withoutPlaces({ ...fleet, cluster: {}, inventories: [], vendorPlugins: [] })).toMatchObject({
      devices: [
        { kind: 'pci', name: 'odd', selectors: [{ text: '10de:*' }] },
        { kind: 'usb', name: 'stick', selectors: [{ vendor: '46f4', product: '0001' }] },
        { kind: 'mdev', typeName: 'GRID T4-1Q', typeId: 'nvidia-222', parent: { text: '10DE:1eb8', id: '10de:1eb8' } },
      ],
      nvidiaPlugin: { image: 'registry:5000/dp:1', imagePullSecrets: ['pull'], namespace: 'nvidia' },
      nodePools: [
        {
          nodeSelector: { 'node-role.kubernetes.io/gpu': '' },
          cpuVendor: 'amd',
          machineConfigPool: 'worker',
          machineConfigPoolDeclared: true,
          maxUnavailable: '10%',
          machineConfigNames: { kernelArguments: '100-iommu', vfio: '100-vfiopci' },
          iommu: { pt: true, intelArgument: 'omit', amdArgument: 'omit' },
          kernelArguments: [{ text: 'b=1' }, { text: 'a=2' }],
          hostUse: [
            {
              addresses: [{ text: '0000:5F:00.0', address: '0000:5f:00.0' }, { text: 'nonsense' }],
              nodes: ['node01'],
              reason: 'Ceph OSD',
            },
          ],
          taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
          passthrough: [
            {
              addresses: {
                kind: 'by-node',
                byNode: [
                  { node: 'node00', addresses: [] },
                  { node: 'node01', addresses: [{ text: '0000:05:00.0', address: '0000:05:00.0' }] },
                ],
              },
              binding: 'address',
              companions: [{ text: '10de:10f7' }],
              acknowledge: [
                { slug: 'pci/a', reason: 'first' },
                { slug: 'pci/b', reason: 'second' },
              ],
            },
          ],
          mediatedDevices: [{ device: 't4-1q', createdBy: 'host', count: 16 }],
          usb: [{ device: 'stick' }],
        },
      ],
    });
  });

  it.each([
    ['{}', 'kubevirt', false],
    ['{ externalResourceProvider: true }', 'none', true],
    ['{ devicePlugin: nvidia }', 'nvidia', true],
    ['{ devicePlugin: none }', 'none', true],
    ['{ devicePlugin: nvidia, externalResourceProvider: false }', 'nvidia', false],
    ['{ devicePlugin: kubevirt, externalResourceProvider: true }', 'kubevirt', true],
  ])('lets who serves a device and who permits it follow from each other: %s', (entry, plugin, isExternal) => {
    const { fleet } = load(
      fleetText(`devices: { a: ${entry.replace('{', '{ pci: ["10de:1eb8"],').replace(', }', ' }')} }`),
    );

    expect(fleet?.devices[0]).toMatchObject({ devicePlugin: { kind: plugin }, externalResourceProvider: isExternal });
  });

  it('tells entries that stand in a spec from those that the fleet adds', () => {
    const { fleet } = load(
      fleetText(`
virtualMachines:
  a:
    gpus: [{ name: added, device: t4, tag: x }]
    spec:
      domain: { devices: { gpus: [{ name: own, deviceName: nvidia.com/a, virtualGPUOptions: { display: {} } }, text] } }
`),
    );

    expect(withoutPlaces(fleet?.virtualMachines[0]?.gpus)).toEqual([
      { name: 'own', deviceName: 'nvidia.com/a', options: { virtualGPUOptions: { display: {} } }, inSpec: true },
      { name: 'added', device: 't4', options: { tag: 'x' }, inSpec: false },
    ]);
  });

  it('knows where each part was written', () => {
    const { fleet } = load(
      fleetText('nodePools: { a: { nodes: [n1], passthrough: [{ device: d, addresses: { n1: ["x"] } }] } }'),
    );
    const passthrough = fleet?.nodePools[0]?.passthrough[0];

    expect(passthrough?.addresses.kind === 'by-node' && passthrough.addresses.byNode[0]?.addresses[0]?.place).toEqual({
      kind: 'document',
      file: 'fleet.yaml',
      document: 0,
      pointer: '/spec/nodePools/a/passthrough/0/addresses/n1/0',
      part: 'value',
    });
  });

  it('never widens a declaration whose addresses cannot be used', () => {
    const { fleet } = load(
      fleetText('nodePools: { a: { nodes: [n1], passthrough: [{ device: d, addresses: text }] } }'),
    );

    expect(fleet?.nodePools[0]?.passthrough[0]?.addresses).toEqual({ kind: 'every-node', addresses: [] });
  });

  it('assumes the newest release where none is said, so that the rest can be judged', () => {
    const { fleet, problems } = load(fleetText('').replace('version: "1.6"', 'name: kv'));

    expect(problems).toHaveLength(1);
    expect(fleet?.cluster.kubevirt).toMatchObject({ version: '1.9', name: 'kv' });
  });
});

describe('files that a fleet names', () => {
  it('are relative to the file that names them', () => {
    const files: Record<string, string> = {
      'fleets/lab/fleet.yaml': fleetText('include: [../common/all.yaml]\ninventory: inventory/'),
      'fleets/common/all.yaml': includedText('include: [vms.yaml]\ndevices: { a: { pci: ["1:2"] } }'),
      'fleets/common/vms.yaml': includedText('virtualMachines: { b: { manifest: manifests/b.yaml } }'),
      'fleets/common/manifests/b.yaml':
        'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: { name: b }\nspec: { domain: {} }\n',
      'fleets/lab/inventory/node01.yaml':
        'apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: node01 }\nspec: { functions: [] }\n',
    };
    const access: FileAccess = {
      readText: (path) => files[path],
      listFolder: (path) => (path === 'fleets/lab/inventory' ? ['node01.yaml', 'notes.md'] : undefined),
    };
    const { fleet, problems, sources } = loadFleet(access, './fleets/lab/fleet.yaml');

    expect(problems).toEqual([]);
    expect([...sources.keys()].sort()).toEqual(Object.keys(files).sort());
    expect(fleet?.inventories.map(({ node }) => node)).toEqual(['node01']);
    expect(fleet?.virtualMachines[0]).toMatchObject({
      id: 'b',
      kind: 'VirtualMachineInstance',
      specPlace: { file: 'fleets/common/manifests/b.yaml', pointer: '/spec' },
    });
  });

  it('are read once, however many roads lead to them', () => {
    const { fleet, problems } = load(fleetText('include: [a.yaml, b.yaml, ./c.yaml, c.yaml]'), {
      'a.yaml': includedText('include: [c.yaml]'),
      'b.yaml': includedText('include: [c.yaml]'),
      'c.yaml': includedText('devices: { d: { pci: ["1:2"] } }'),
    });

    expect(problems).toEqual([]);
    expect(fleet?.devices).toHaveLength(1);
  });

  it('are read as Kubernetes reads them where they are meant for it', () => {
    const { fleet, problems } = load(fleetText('').replace('openshift,', 'openshift, current: cluster,'), {
      'cluster/nodes.yaml': `apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Node, metadata: { name: node01 }, spec: { unschedulable: yes } }
  - { apiVersion: kubevirt.io/v1, kind: KubeVirt, metadata: { name: kubevirt, namespace: kubevirt } }
`,
      'cluster/empty.yaml': '---\n---\n',
    });

    expect(problems).toEqual([]);
    expect(fleet?.cluster.current).toMatchObject([
      { kind: 'Node', name: 'node01', namespace: undefined, content: { spec: { unschedulable: true } } },
      { kind: 'KubeVirt', namespace: 'kubevirt', place: { pointer: '/items/1' } },
    ]);
  });

  it('tells an empty folder of live objects from none', () => {
    const withFolder = load(fleetText('').replace('openshift,', 'openshift, current: cluster,'), {
      'cluster/README.md': '',
    });

    expect(withFolder.fleet?.cluster.current).toEqual([]);
    expect(load(fleetText('')).fleet?.cluster.current).toBeUndefined();
  });
});

describe('a VM from a manifest', () => {
  const MANIFEST = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: build01, namespace: ci, labels: { app: build, tier: old }, uid: 1f }
spec:
  running: true
  instancetype: { name: u1.large }
  template:
    metadata: { creationTimestamp: null, labels: { kubevirt.io/domain: build01 } }
    spec: { domain: { devices: { hostDevices: [{ name: q, deviceName: intel.com/qat }] } } }
status: { ready: true }
`;

  it('is what the manifest says', () => {
    const { fleet, problems } = load(fleetText('virtualMachines: { build01: { manifest: b.yaml } }'), {
      'b.yaml': MANIFEST,
    });

    expect(problems).toEqual([]);
    expect(withoutPlaces(fleet?.virtualMachines[0])).toEqual({
      id: 'build01',
      kind: 'VirtualMachine',
      fromManifest: true,
      replicas: 1,
      namespace: 'ci',
      name: 'build01',
      metadata: { labels: { app: 'build', tier: 'old' } },
      templateMetadata: { labels: { 'kubevirt.io/domain': 'build01' } },
      gpus: [],
      hostDevices: [{ name: 'q', deviceName: 'intel.com/qat', options: {}, inSpec: true }],
      spec: { domain: { devices: { hostDevices: [{ name: 'q', deviceName: 'intel.com/qat' }] } } },
      machine: { running: true, instancetype: { name: 'u1.large' } },
    });
    expect(fleet?.virtualMachines[0]?.hostDevices[0]?.place).toMatchObject({
      file: 'b.yaml',
      pointer: '/spec/template/spec/domain/devices/hostDevices/0',
    });
  });

  it('gives way to what the fleet says', () => {
    const { fleet, problems } = load(
      fleetText(`
virtualMachines:
  b:
    manifest: b.yaml
    name: build02
    namespace: prod
    runStrategy: Halted
    metadata: { labels: { tier: new }, annotations: { a: b } }
`),
      { 'b.yaml': MANIFEST },
    );

    expect(problems).toEqual([]);
    expect(fleet?.virtualMachines[0]).toMatchObject({
      namespace: 'prod',
      name: 'build02',
      metadata: { labels: { app: 'build', tier: 'new' }, annotations: { a: 'b' } },
    });
    expect(fleet?.virtualMachines[0]?.machine).toEqual({ runStrategy: 'Halted', instancetype: { name: 'u1.large' } });
  });
});

describe('the lab', () => {
  const root = join(__dirname, '..', '..', '..');
  const access: FileAccess = {
    readText: (path) => {
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        return undefined;
      }
    },
    listFolder: (path) => readdirSync(join(root, path)).sort(),
  };

  it('loads without a finding', () => {
    const { fleet, problems } = loadFleet(access, 'examples/lab/fleet.yaml');

    expect(problems).toEqual([]);
    expect(fleet?.nodePools.map(({ name }) => name)).toEqual(['gpu-amd', 'gpu-intel', 'storage', 'vgpu']);
    expect(fleet?.inventories.map(({ node }) => node)).toEqual(['node01', 'node02', 'node03', 'node04']);
    expect(fleet?.virtualMachines.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'VirtualMachine desktop-1',
      'VirtualMachine gateway-1',
      'VirtualMachine render-1',
      'VirtualMachine train-1',
      'VirtualMachineInstance vmi-nvme',
    ]);
  });
});
