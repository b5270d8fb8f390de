import { Construct } from 'constructs';
import { DevicePlugin, NodePool, PciDevice, VgpuDevice, VirtualMachine } from '../../../src';
import { throughBothDoors } from './doors';

const KUBEVIRT = { nodePlatform: 'openshift', kubevirt: { version: '1.9' } } as const;

it('takes vGPUs and virtual functions through either door alike', () => {
  const { yaml, program } = throughBothDoors(
    `
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
devices:
  l40s-4q:
    vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }
    resourceName: nvidia.com/L40S-4Q
  t4-1q:
    vgpu: { type: GRID T4-1Q, parent: "10de:1eb8", framework: mdev }
    resourceName: nvidia.com/GRID_T4-1Q
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: l40s-4q, count: 12 }, { device: t4-1q, createdBy: kubevirt }]
    sriov: [{ parent: "10de:26b9", numVfs: 32, createdBy: operator }]
virtualMachines:
  desk:
    pool: shares
    gpus: [{ name: gpu1, device: l40s-4q }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`,
    KUBEVIRT,
    (fleet) => {
      const big = new VgpuDevice(fleet, 'l40s-4q', {
        type: 'NVIDIA L40S-4Q',
        parent: '10de:26b9',
        framework: 'vendor-vfio',
        resourceName: 'nvidia.com/L40S-4Q',
      });
      const small = new VgpuDevice(fleet, 't4-1q', {
        type: 'GRID T4-1Q',
        parent: '10de:1eb8',
        framework: 'mdev',
        resourceName: 'nvidia.com/GRID_T4-1Q',
      });
      const pool = new NodePool(fleet, 'shares', { nodes: ['node01'], cpuVendor: 'intel' });
      pool.offerVgpus(big, { count: 12 });
      pool.offerVgpus(small, { createdBy: 'kubevirt' });
      pool.createVirtualFunctions({ parent: '10de:26b9', numVfs: 32, createdBy: 'operator' });
      const desk = new VirtualMachine(fleet, 'desk', {
        pool,
        spec: { domain: { devices: {}, memory: { guest: '4Gi' } } },
      });
      desk.addGpu('gpu1', big);
    },
  );

  expect(program.model).toEqual(yaml.model);
  expect(program.objects).toEqual(yaml.objects);
  expect(yaml.objects.find(({ kind }) => kind === 'KubeVirt')).toMatchObject({
    spec: {
      configuration: {
        permittedHostDevices: {
          pciHostDevices: [{ pciVendorSelector: '10de:26b9', resourceName: 'nvidia.com/L40S-4Q' }],
          mediatedDevices: [{ mdevNameSelector: 'GRID T4-1Q', resourceName: 'nvidia.com/GRID_T4-1Q' }],
        },
        mediatedDevicesConfiguration: {
          nodeMediatedDeviceTypes: [
            { nodeSelector: { 'kubernetes.io/hostname': 'node01' }, mediatedDeviceTypes: ['GRID_T4-1Q'] },
          ],
        },
      },
    },
  });
});

it('takes devices that are claimed through either door alike', () => {
  const { yaml, program } = throughBothDoors(
    `
cluster: { nodePlatform: openshift, kubernetesVersion: "1.34", kubevirt: { version: "1.8" } }
devices:
  h100:
    pci: ["10de:2330"]
    allocation: dra
    dra:
      driver: gpu.nvidia.com
      deviceClassName: vfio.gpu.nvidia.com
      driverFeatureGates: [PassthroughSupport, DeviceMetadata]
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: h100 }]
virtualMachines:
  train-7:
    pool: gpu
    gpus:
      - { name: GPU_1, device: h100, address: "0000:65:00.0" }
      - name: gpu-1
        device: h100
        claim: { kind: claim, numaNode: 1, pcieRoot: "pci0000:64", product: 'NVIDIA "H100" PCIe' }
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`,
    { nodePlatform: 'openshift', kubernetesVersion: '1.34', kubevirt: { version: '1.8' } },
    (fleet) => {
      const h100 = new PciDevice(fleet, 'h100', {
        selectors: ['10de:2330'],
        allocation: 'dra',
        dra: {
          driver: 'gpu.nvidia.com',
          deviceClassName: 'vfio.gpu.nvidia.com',
          driverFeatureGates: ['PassthroughSupport', 'DeviceMetadata'],
        },
      });
      const pool = new NodePool(fleet, 'gpu', { nodes: ['node01'], cpuVendor: 'intel' });
      pool.passThrough(h100);
      const vm = new VirtualMachine(fleet, 'train-7', {
        pool,
        spec: { domain: { devices: {}, memory: { guest: '4Gi' } } },
      });
      vm.addGpu('GPU_1', h100, { address: '0000:65:00.0' });
      vm.addGpu('gpu-1', h100, {
        claim: { kind: 'claim', numaNode: 1, pcieRoot: 'pci0000:64', product: 'NVIDIA "H100" PCIe' },
      });
    },
  );

  expect(program.model).toEqual(yaml.model);
  expect(program.objects).toEqual(yaml.objects);
});

it('takes device plugins by image through either door alike', () => {
  const { yaml, program } = throughBothDoors(
    `
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
devices:
  npu: { pci: ["1ae0:0056"], resourceName: acme.example.com/npu, devicePlugin: acme }
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, devicePlugin: nvidia }
devicePlugins:
  nvidia: { image: "mirror.example.com/nvidia:v1.6.0", imagePullSecrets: [mirror], priorityClassName: devices }
  acme:
    image: registry.example.com/acme/plugin:2.3.1
    command: [/plugin]
    args: [--resource=acme.example.com/npu]
    env: [{ name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
    hostPaths: [{ path: /run/acme, readOnly: false }]
    readOnlyRootFilesystem: false
    resources: { requests: { cpu: 20m }, limits: { memory: 64Mi } }
nodePools:
  npus: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: npu }, { device: t4 }] }
`,
    {
      ...KUBEVIRT,
      nvidiaPlugin: {
        image: 'mirror.example.com/nvidia:v1.6.0',
        imagePullSecrets: ['mirror'],
        priorityClassName: 'devices',
      },
    },
    (fleet) => {
      const plugin = new DevicePlugin(fleet, 'acme', {
        image: 'registry.example.com/acme/plugin:2.3.1',
        command: ['/plugin'],
        args: ['--resource=acme.example.com/npu'],
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        hostPaths: [{ path: '/run/acme', readOnly: false }],
        readOnlyRootFilesystem: false,
        resources: { requests: { cpu: '20m' }, limits: { memory: '64Mi' } },
      });
      const npu = new PciDevice(fleet, 'npu', {
        selectors: ['1ae0:0056'],
        resourceName: 'acme.example.com/npu',
        devicePlugin: plugin,
      });
      const t4 = new PciDevice(fleet, 't4', {
        selectors: ['10de:1eb8'],
        resourceName: 'nvidia.com/TU104GL_TESLA_T4',
        devicePlugin: 'nvidia',
      });
      const pool = new NodePool(fleet, 'npus', { nodes: ['node01'], cpuVendor: 'intel' });
      pool.passThrough(npu);
      pool.passThrough(t4);
      expect(plugin.daemonSet?.name).toBe('acme');
      expect(fleet.nvidiaDevicePlugin.kind).toBe('DaemonSet');
    },
  );

  expect(program.model).toEqual(yaml.model);
  expect(program.objects).toEqual(yaml.objects);
  expect(program.objects.filter(({ kind }) => kind === 'DaemonSet')).toHaveLength(2);
});

it('takes what a VM asks of NUMA nodes through either door alike', () => {
  const { yaml, program } = throughBothDoors(
    `
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, hugepages: [{ size: 1Gi, count: 16 }], kubelet: { reservedSystemCPUs: "0-1" } }
virtualMachines:
  train-7:
    pool: gpu
    numa: { kubelet: single-numa-node, guestMapping: true, pcieTopology: true }
    spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`,
    KUBEVIRT,
    (fleet) => {
      const pool = new NodePool(fleet, 'gpu', {
        nodes: ['node01'],
        cpuVendor: 'intel',
        hugepages: [{ size: '1Gi', count: 16 }],
        kubelet: { reservedSystemCPUs: '0-1' },
      });
      new VirtualMachine(fleet, 'train-7', {
        pool,
        numa: { kubelet: 'single-numa-node', guestMapping: true, pcieTopology: true },
        spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: '4Gi' } } },
      });
    },
  );

  expect(program.model).toEqual(yaml.model);
  expect(program.objects).toEqual(yaml.objects);
  expect(yaml.objects.map(({ kind }) => kind)).toContain('KubeletConfig');
});

it('has one device plugin of a name', () => {
  throughBothDoors('cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }', KUBEVIRT, (fleet) => {
    new DevicePlugin(fleet, 'acme', { image: 'registry.example.com/acme/plugin:2.3.1' });
    expect(() => new DevicePlugin(new Construct(fleet, 'more'), 'acme', { image: 'a:1' })).toThrow(
      'the fleet already has an entry `acme` in `devicePlugins`',
    );
  });
});
