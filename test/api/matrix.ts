/*
 * Every combination of what the compiler writes differently: KubeVirt's release, who owns its configuration, the kind of device, the kind
 * of VM and the platform of the nodes. Each is a small fleet that is right unless the combination is not.
 */
import { KUBEVIRT_RELEASES, type KubeVirtRelease } from '../../src/kubevirt';

export const OWNERS = ['kubevirt', 'hco.kubevirt.io/v1beta1', 'hco.kubevirt.io/v1'] as const;
export const MACHINE_KINDS = [
  'VirtualMachine',
  'VirtualMachineInstance',
  'VirtualMachineInstanceReplicaSet',
  'VirtualMachinePool',
] as const;
export const PLATFORMS = ['openshift', 'talos', 'ignition', 'cloud-init', 'linux'] as const;

/** What a device kind adds to the fleet, each an indented block of YAML. */
interface DeviceKind {
  readonly device: string;
  readonly pool: string;
  readonly functions: string;
  readonly list: 'gpus' | 'hostDevices';
  readonly entry?: string;
}

export const DEVICE_KINDS = {
  pci: {
    device: '{ pci: ["8086:6f54"], resourceName: intel.com/qat }',
    pool: 'passthrough: [{ device: it }]',
    functions:
      '- { address: "0000:3d:00.0", class: "0b40", id: "8086:6f54", driver: c6xx, iommuGroup: 40, numaNode: 0 }',
    list: 'hostDevices',
  },
  nvidia: {
    device:
      '{ pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }',
    pool: 'passthrough: [{ device: it }]',
    functions:
      '- { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: nvidia, iommuGroup: 27, numaNode: 0 }',
    list: 'gpus',
  },
  mdev: {
    device:
      '{ mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }',
    pool: 'mediatedDevices: [{ device: it, createdBy: kubevirt }]',
    functions:
      '- { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: nvidia, iommuGroup: 27, numaNode: 0 }',
    list: 'gpus',
    entry: ', virtualGPUOptions: { display: { enabled: false } }',
  },
  'mdev by hand': {
    device:
      '{ mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }',
    pool: 'mediatedDevices: [{ device: it, createdBy: external, count: 16 }]',
    functions:
      '- { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: nvidia, iommuGroup: 27, numaNode: 0 }',
    list: 'gpus',
  },
  'vendor-vfio': {
    device:
      '{ vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }, resourceName: nvidia.com/L40S-4Q }',
    pool: 'mediatedDevices: [{ device: it, createdBy: external, count: 4 }]\n      sriov: [{ parent: "10de:26b9", numVfs: 4, createdBy: operator }]',
    functions:
      '- { address: "0000:b1:00.0", class: "0302", id: "10de:26b9", driver: nvidia, iommuGroup: 50, numaNode: 0, totalVfs: 32, numVfs: 4 }',
    list: 'gpus',
  },
  usb: {
    device: '{ usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }',
    pool: 'usb: [it]',
    functions:
      '- { address: "0000:00:14.0", class: "0c03", id: "8086:a1af", driver: xhci_hcd, iommuGroup: 3, numaNode: 0 }',
    list: 'hostDevices',
  },
  dra: {
    device:
      '{ pci: ["10de:2330"], allocation: dra, dra: { driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com, driverFeatureGates: [PassthroughSupport, DeviceMetadata] } }',
    pool: 'passthrough: [{ device: it }]',
    functions:
      '- { address: "0000:65:00.0", class: "0302", id: "10de:2330", driver: nvidia, iommuGroup: 27, numaNode: 0 }',
    list: 'gpus',
  },
} as const satisfies Readonly<Record<string, DeviceKind>>;

export interface Combination {
  readonly release: KubeVirtRelease;
  readonly owner: (typeof OWNERS)[number];
  readonly device: keyof typeof DEVICE_KINDS;
  readonly machine: (typeof MACHINE_KINDS)[number];
  readonly platform: (typeof PLATFORMS)[number];
}

/**
 * Every release with every owner, every kind of device and every kind of VM. The platform says nothing to any of them: it goes round, so
 * that each meets every release, every device and every kind of VM.
 */
export function combinations(): Combination[] {
  const devices = Object.keys(DEVICE_KINDS) as (keyof typeof DEVICE_KINDS)[];
  return KUBEVIRT_RELEASES.flatMap((release, r) =>
    OWNERS.flatMap((owner, o) =>
      devices.flatMap((device, d) =>
        MACHINE_KINDS.map((machine, m) => {
          const platform = PLATFORMS[(r + o + d + m) % PLATFORMS.length] ?? PLATFORMS[0];
          return { release, owner, device, machine, platform };
        }),
      ),
    ),
  );
}

/** `1.6 kubevirt pci VirtualMachine openshift` */
export function nameOf({ release, owner, device, machine, platform }: Combination): string {
  return [release, owner, device, machine, platform].join(' ');
}

const PLATFORM_VERSION: Readonly<Partial<Record<Combination['platform'], string>>> = {
  openshift: '4.20',
  talos: '1.12',
};

/** Which GitOps tool goes with a platform, so that each is seen with some. */
const GITOPS: Readonly<Record<Combination['platform'], string>> = {
  openshift: 'argocd',
  talos: 'flux',
  ignition: 'argocd',
  'cloud-init': 'flux',
  linux: 'none',
};

/** The files of a combination's fleet; `current` is a live object of the owner's, whose contents are kept. */
export function filesOf(combination: Combination, current?: string): Record<string, string> {
  const { release, owner, device, machine, platform } = combination;
  const kind: DeviceKind = DEVICE_KINDS[device];
  const version = PLATFORM_VERSION[platform];
  const managed = owner === 'kubevirt' ? '' : `, managedBy: hyperconverged, apiVersion: ${owner}`;
  const replicas = /ReplicaSet|Pool/.test(machine) ? '\n      replicas: 1' : '';
  return {
    'fleet.yaml': `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: matrix }
spec:
  inventory: inventory/
  cluster:
    nodePlatform: ${platform}${version === undefined ? '' : `\n    nodePlatformVersion: "${version}"`}
    kubernetesVersion: "1.34"
    kubevirt: { version: "${release}"${managed} }${current === undefined ? '' : '\n    current: current/'}
    gitops: { tool: ${GITOPS[platform]}, repoURL: "https://git.example.com/fleet.git", revision: main, path: dist }
  devices:
    it: ${kind.device}
  nodePools:
    gpu:
      nodes: [node01]
      cpuVendor: intel
      taints: [{ key: example.com/gpu, value: present, effect: NoSchedule }]
      ${kind.pool}
  virtualMachines:
    guest:
      kind: ${machine}
      namespace: rendering
      pool: gpu${replicas}
      ${kind.list}: [{ name: dev1, device: it${kind.entry ?? ''} }]
      spec:
        domain:
          cpu: { cores: 4 }
          memory: { guest: 4Gi }
          devices: { disks: [{ name: root, disk: { bus: virtio } }] }
        volumes: [{ name: root, containerDisk: { image: "quay.io/containerdisks/fedora:42" } }]
`,
    'inventory/node01.yaml': `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  productUuid: 4c4c4544-0042-4a10-8057-b3c04f4d3731
  cpuVendor: intel
  functions:
    ${kind.functions}
`,
    ...(current === undefined ? {} : { 'current/live.yaml': current }),
  };
}
