/** Objects that tests of the walker start from: accepted by every release. */
import { isJsonObject, type JsonObject } from '../../../src/model';

/** A copy of an object that may be changed, with every object inside it, itself first. */
export function openedCopy(object: JsonObject): { copy: JsonObject; parts: Record<string, unknown>[] } {
  const copy = structuredClone(object);
  const parts: Record<string, unknown>[] = [];
  const collect = (at: unknown): void => {
    if (isJsonObject(at)) parts.push(at);
    if (typeof at === 'object' && at !== null) Object.values(at).forEach(collect);
  };
  collect(copy);
  return { copy, parts };
}

/** Sets a member that may be called anything, `__proto__` too. */
export function setMember(part: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(part, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A VM with a GPU, as small as the API allows. */
export const GPU_VM: JsonObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'train-1', namespace: 'default', labels: { app: 'train' } },
  spec: {
    runStrategy: 'Always',
    template: {
      metadata: { labels: { app: 'train' } },
      spec: {
        domain: {
          cpu: { cores: 8 },
          devices: { gpus: [{ name: 'gpu1', deviceName: 'nvidia.com/TU104GL_TESLA_T4' }] },
          memory: { guest: '16Gi' },
        },
      },
    },
  },
};

/** The VMI with an NVMe drive of KubeVirt's user guide, its memory in a resource request. */
export const NVME_VMI: JsonObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { labels: { special: 'vmi-nvme' }, name: 'vmi-nvme' },
  spec: {
    nodeSelector: { 'kubernetes.io/hostname': 'node03' },
    domain: {
      devices: {
        disks: [
          { disk: { bus: 'virtio' }, name: 'containerdisk' },
          { disk: { bus: 'virtio' }, name: 'cloudinitdisk' },
        ],
        hostDevices: [{ name: 'nvme', deviceName: 'devices.kubevirt.io/nvme' }],
      },
      resources: { requests: { memory: '1024M' } },
    },
    terminationGracePeriodSeconds: 0,
    volumes: [
      {
        containerDisk: { image: 'registry:5000/kubevirt/fedora-with-test-tooling-container-disk:devel' },
        name: 'containerdisk',
      },
      {
        cloudInitNoCloud: { userData: '#cloud-config\npassword: fedora\nchpasswd: { expire: False }\n' },
        name: 'cloudinitdisk',
      },
    ],
  },
};

/** The VMI with GPUs and a QAT function of the user guide, completed by what the API needs. */
export const GPUS_VMI: JsonObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { name: 'vmi-gpu' },
  spec: {
    domain: {
      devices: {
        gpus: [
          { deviceName: 'nvidia.com/TU104GL_Tesla_T4', name: 'gpu1' },
          { deviceName: 'nvidia.com/GRID_T4-1Q', name: 'gpu2' },
        ],
        hostDevices: [{ deviceName: 'intel.com/qat', name: 'quickaccess1' }],
      },
      memory: { guest: '1Gi' },
    },
  },
};

/** The user guide's permitted host devices in a KubeVirt object. */
export const KUBEVIRT: JsonObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'KubeVirt',
  metadata: { name: 'kubevirt', namespace: 'kubevirt' },
  spec: {
    configuration: {
      developerConfiguration: { featureGates: ['HostDevices'] },
      mediatedDevicesConfiguration: {
        mediatedDeviceTypes: ['nvidia-222'],
        nodeMediatedDeviceTypes: [
          { nodeSelector: { 'kubernetes.io/hostname': 'node1' }, mediatedDeviceTypes: ['nvidia-222'] },
        ],
      },
      permittedHostDevices: {
        pciHostDevices: [
          {
            pciVendorSelector: '10DE:1EB8',
            resourceName: 'nvidia.com/TU104GL_Tesla_T4',
            externalResourceProvider: true,
          },
          { pciVendorSelector: '8086:6F54', resourceName: 'intel.com/qat' },
        ],
        mediatedDevices: [{ mdevNameSelector: 'GRID T4-1Q', resourceName: 'nvidia.com/GRID_T4-1Q' }],
        usb: [{ resourceName: 'kubevirt.io/storage', selectors: [{ vendor: '46f4', product: '0001' }] }],
      },
    },
  },
};

/** A MachineConfig with an Ignition file. */
export const MACHINE_CONFIG: JsonObject = {
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: '100-worker-vfio', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  spec: {
    config: {
      ignition: { version: '3.2.0' },
      storage: { files: [{ path: '/etc/modprobe.d/vfio.conf', mode: 420, contents: { source: 'data:,' } }] },
    },
    kernelArguments: ['intel_iommu=on'],
  },
};

/** A MachineConfigPool of its own. */
export const MACHINE_CONFIG_POOL: JsonObject = {
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfigPool',
  metadata: { name: 'storage' },
  spec: {
    machineConfigSelector: {
      matchExpressions: [
        { key: 'machineconfiguration.openshift.io/role', operator: 'In', values: ['worker', 'storage'] },
      ],
    },
    nodeSelector: { matchLabels: { 'node-role.kubernetes.io/storage': '' } },
    maxUnavailable: '10%',
    paused: false,
  },
};
