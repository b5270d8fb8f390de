// The fleet of the benchmark as data: pools of 20 nodes with an inventory each, devices, and VMs that ask for them.

const NODES_PER_POOL = 20;
/** The name of the machine type. */
export const HARDWARE = 'r740';

/** @param {number} nodeCount @param {number} machineCount */
export function benchFleet(nodeCount, machineCount) {
  const devices = {
    t4: { pci: ['10de:1eb8'], resourceName: 'nvidia.com/TU104GL_TESLA_T4' },
    qat: { pci: ['8086:6f54'], resourceName: 'intel.com/qat' },
  };
  const nodePools = {};
  for (let first = 0; first < nodeCount; first += NODES_PER_POOL) {
    const nodes = Array.from({ length: Math.min(NODES_PER_POOL, nodeCount - first) }, (_, i) => nodeName(first + i));
    nodePools[`pool-${first / NODES_PER_POOL}`] = {
      nodes,
      cpuVendor: 'intel',
      passthrough: [{ device: 't4' }, { device: 'qat' }],
    };
  }
  const virtualMachines = {};
  for (let i = 0; i < machineCount; i++) {
    virtualMachines[`vm-${i}`] = {
      namespace: `team-${i % 100}`,
      pool: `pool-${i % Object.keys(nodePools).length}`,
      runStrategy: 'Halted',
      metadata: {
        labels: { app: `app-${i % 50}`, 'vm.kubevirt.io/os': 'fedora' },
        annotations: { 'vm.kubevirt.io/flavor': 'medium' },
      },
      dataVolumeTemplates: [dataVolume(i)],
      gpus: [{ name: 'gpu1', device: 't4' }],
      hostDevices: [{ name: 'qat1', device: 'qat' }],
      spec: machineSpec(i),
    };
  }
  return { devices, nodePools, virtualMachines };
}

/** The machine that every node is: ten functions, in a file that all nodes share. */
export function hardwareText() {
  const functions = [
    { address: '0000:00:00.0', class: '0600', id: '8086:6f00', iommuGroup: 0 },
    { address: '0000:00:01.0', class: '0604', id: '8086:6f02', driver: 'pcieport', iommuGroup: 1 },
    { address: '0000:00:02.0', class: '0604', id: '8086:6f04', driver: 'pcieport', iommuGroup: 2 },
    {
      address: '0000:01:00.0',
      class: '0108',
      id: '144d:a80a',
      driver: 'nvme',
      iommuGroup: 10,
      hostUse: [{ kind: 'root-disk', reason: '/ on nvme0n1' }],
    },
    {
      address: '0000:02:00.0',
      class: '0200',
      id: '8086:1572',
      driver: 'i40e',
      iommuGroup: 11,
      hostUse: [{ kind: 'management-nic', reason: 'default route' }],
    },
    { address: '0000:02:00.1', class: '0200', id: '8086:1572', driver: 'i40e', iommuGroup: 12 },
    { address: '0000:3b:00.0', class: '0302', id: '10de:1eb8', subsystem: '10de:12a2', iommuGroup: 20, numaNode: 0 },
    { address: '0000:af:00.0', class: '0302', id: '10de:1eb8', subsystem: '10de:12a2', iommuGroup: 21, numaNode: 1 },
    { address: '0000:d8:00.0', class: '0302', id: '10de:1eb8', subsystem: '10de:12a2', iommuGroup: 22, numaNode: 1 },
    { address: '0000:05:00.0', class: '0b40', id: '8086:6f54', iommuGroup: 23, numaNode: 0 },
  ];
  const lines = functions.map((fact) => `    - ${JSON.stringify(fact)}`);
  return `apiVersion: hostdev/v1alpha1\nkind: NodeHardware\nmetadata:\n  name: ${HARDWARE}\nspec:\n  cpuVendor: intel\n  functions:\n${lines.join('\n')}\n`;
}

/** What is a node's own, as an inventory file. */
export function inventoryText(index) {
  const uuid = `4c4c4544-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return `apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata:\n  name: ${nodeName(index)}\nspec:\n  hardware: ${HARDWARE}\n  productUuid: ${uuid}\n`;
}

/** @param {number} index */
export function nodeName(index) {
  return `node${String(index).padStart(4, '0')}`;
}

// What the consoles' templates make of a server VM: firmware, devices, a probe, a cloud-init of some lines, a disk of its own.
function machineSpec(i) {
  return {
    architecture: 'amd64',
    domain: {
      cpu: { cores: 4, sockets: 1, threads: 2, model: 'host-passthrough' },
      memory: { guest: '16Gi' },
      machine: { type: 'q35' },
      features: { acpi: {}, smm: { enabled: true } },
      firmware: { bootloader: { efi: { secureBoot: true } } },
      clock: {
        utc: {},
        timer: { hpet: { present: false }, pit: { tickPolicy: 'delay' }, rtc: { tickPolicy: 'catchup' } },
      },
      devices: {
        disks: [
          { name: 'rootdisk', bootOrder: 1, disk: { bus: 'virtio' } },
          { name: 'scratch', disk: { bus: 'virtio' }, serial: `scratch-${i}` },
          { name: 'cloudinitdisk', disk: { bus: 'virtio' } },
        ],
        interfaces: [
          {
            name: 'default',
            model: 'virtio',
            masquerade: {},
            ports: [
              { name: 'ssh', port: 22 },
              { name: 'https', port: 443 },
            ],
          },
          { name: 'storage', model: 'virtio', bridge: {}, macAddress: `02:00:00:00:${hexByte(i >> 8)}:${hexByte(i)}` },
        ],
        inputs: [{ name: 'tablet', type: 'tablet', bus: 'usb' }],
        rng: {},
        tpm: {},
      },
      resources: { requests: { memory: '16Gi' } },
    },
    networks: [
      { name: 'default', pod: {} },
      { name: 'storage', multus: { networkName: 'storage/vlan-100' } },
    ],
    readinessProbe: { tcpSocket: { port: 22 }, initialDelaySeconds: 60, periodSeconds: 20, failureThreshold: 5 },
    terminationGracePeriodSeconds: 180,
    volumes: [
      { name: 'rootdisk', dataVolume: { name: `vm-${i}-root` } },
      { name: 'scratch', persistentVolumeClaim: { claimName: `vm-${i}-scratch` } },
      {
        name: 'cloudinitdisk',
        cloudInitNoCloud: {
          userData: `#cloud-config
hostname: vm-${i}
ssh_pwauth: false
users:
  - name: operator
    groups: [wheel]
    shell: /bin/bash
    ssh_authorized_keys:
      - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG0k8jZzXq3l7yWc5v0n operator@example.com
packages: [qemu-guest-agent, chrony]
runcmd:
  - [systemctl, enable, --now, qemu-guest-agent]
`,
          networkData: 'version: 2\nethernets:\n  enp1s0:\n    dhcp4: true\n',
        },
      },
    ],
  };
}

function dataVolume(i) {
  return {
    metadata: { name: `vm-${i}-root` },
    spec: {
      sourceRef: { kind: 'DataSource', name: 'fedora', namespace: 'golden-images' },
      storage: { resources: { requests: { storage: '60Gi' } }, storageClassName: 'ceph-rbd' },
    },
  };
}

function hexByte(value) {
  return (value & 255).toString(16).padStart(2, '0');
}
