// The same fleet as fleet.yaml beside this file, declared with constructs: both compile to the same bytes.
import { join } from 'node:path';
import {
  Fleet,
  FleetApp,
  MediatedDevice,
  NodePool,
  PciDevice,
  VirtualMachine,
  VirtualMachineInstance,
} from 'cdk8s-hostdev';

const app = new FleetApp();
const fleet = new Fleet(app, 'lab', {
  nodePlatform: 'openshift',
  nodePlatformVersion: '4.20',
  kubernetesVersion: '1.33',
  kubevirt: { version: '1.6' },
  inventory: join(__dirname, 'inventory'),
  // the KubeVirt object as it is live: the gate and the device in it that are not this fleet's are kept
  current: join(__dirname, 'cluster'),
});

const t4 = new PciDevice(fleet, 't4', {
  selectors: ['10de:1eb8'],
  // the name that NVIDIA's plugin gives: another spelling would be permitted, and never advertised
  resourceName: 'nvidia.com/TU104GL_TESLA_T4',
  externalResourceProvider: true,
  devicePlugin: 'nvidia',
});
const t4Quarter = new MediatedDevice(fleet, 't4-1q', {
  // served by KubeVirt: NVIDIA's plugin would serve it too, but does not run on node04, where no t4 is handed over
  typeName: 'GRID T4-1Q',
  typeId: 'nvidia-222',
  parent: '10de:1eb8',
  resourceName: 'nvidia.com/GRID_T4-1Q',
});
const qat = new PciDevice(fleet, 'qat', { selectors: ['8086:6f54'], resourceName: 'intel.com/qat' });
const nvme = new PciDevice(fleet, 'nvme', { selectors: ['8086:5845'], resourceName: 'devices.kubevirt.io/nvme' });

const gpuIntel = new NodePool(fleet, 'gpu-intel', {
  nodes: ['node01'],
  cpuVendor: 'intel',
  machineConfigPool: 'gpu-intel',
  maxUnavailable: 1,
});
gpuIntel.passThrough(t4);
gpuIntel.passThrough(qat);

const gpuAmd = new NodePool(fleet, 'gpu-amd', {
  nodes: ['node02'],
  cpuVendor: 'amd',
  machineConfigPool: 'gpu-amd',
  // kubelet pins CPUs only where some are kept for the system
  kubelet: { reservedSystemCPUs: '0-3' },
});
gpuAmd.passThrough(t4);

const storage = new NodePool(fleet, 'storage', {
  nodes: ['node03'],
  nodeSelector: { 'node-role.kubernetes.io/storage': '' },
  cpuVendor: 'intel',
  machineConfigPool: 'storage',
});
// three like drives: only people know that this one holds the root file system
storage.keepOnHost({ addresses: ['0000:5f:00.0'], reason: 'boot disk' });
storage.passThrough(nvme, {
  addresses: ['0000:5e:00.0'],
  acknowledge: {
    'pci/unknown-host-use': 'lsblk on node03 shows no partition, no LVM and no file system on it',
  },
});

const vgpu = new NodePool(fleet, 'vgpu', { nodes: ['node04'], cpuVendor: 'intel', machineConfigPool: 'vgpu' });
vgpu.createMediatedDevices(t4Quarter, { createdBy: 'kubevirt' });

const rootDisk = { name: 'root', disk: { bus: 'virtio' } };
const rootVolume = { name: 'root', containerDisk: { image: 'quay.io/containerdisks/fedora:42' } };

const render = new VirtualMachine(fleet, 'render-1', {
  namespace: 'rendering',
  pool: gpuIntel,
  spec: {
    domain: { cpu: { cores: 4 }, memory: { guest: '16Gi' }, devices: { disks: [rootDisk] } },
    volumes: [rootVolume],
  },
});
render.addGpu('gpu1', t4);

const desktop = new VirtualMachine(fleet, 'desktop-1', {
  namespace: 'desktops',
  metadata: { labels: { app: 'desktop' } },
  runStrategy: 'RerunOnFailure',
  spec: {
    domain: { cpu: { cores: 2 }, memory: { guest: '8Gi' }, devices: { disks: [rootDisk] } },
    volumes: [rootVolume],
  },
});
desktop.addGpu('vgpu1', t4Quarter);

const gateway = new VirtualMachine(fleet, 'gateway-1', {
  namespace: 'edge',
  spec: {
    domain: { cpu: { cores: 8 }, memory: { guest: '32Gi' }, devices: { disks: [rootDisk] } },
    volumes: [rootVolume],
  },
});
gateway.addGpu('gpu1', t4);
gateway.addHostDevice('quickassist1', qat);

const train = new VirtualMachine(fleet, 'train-1', {
  namespace: 'training',
  pool: gpuAmd,
  // dedicated CPUs and the GPU from one NUMA node: kubelet of the pool is told to refuse anything else
  numa: { kubelet: 'single-numa-node' },
  spec: {
    domain: { cpu: { cores: 8 }, memory: { guest: '32Gi' }, devices: { disks: [rootDisk] } },
    volumes: [rootVolume],
  },
});
train.addGpu('gpu1', t4);

const drive = new VirtualMachineInstance(fleet, 'vmi-nvme', {
  metadata: { labels: { special: 'vmi-nvme' } },
  node: 'node03',
  spec: {
    domain: {
      devices: {
        disks: [
          { name: 'containerdisk', disk: { bus: 'virtio' } },
          { name: 'cloudinitdisk', disk: { bus: 'virtio' } },
        ],
      },
      resources: { requests: { memory: '1024M' } },
    },
    terminationGracePeriodSeconds: 0,
    volumes: [
      {
        name: 'containerdisk',
        containerDisk: { image: 'registry:5000/kubevirt/fedora-with-test-tooling-container-disk:devel' },
      },
      {
        name: 'cloudinitdisk',
        cloudInitNoCloud: { userData: '#cloud-config\npassword: fedora\nchpasswd: { expire: False }' },
      },
    ],
  },
});
drive.addHostDevice('nvme', nvme);

app.synth();
