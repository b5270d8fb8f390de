/*
 * What `kubectl get -o yaml` prints on a small cluster in which everything is right: an OpenShift cluster with HyperConverged, a
 * GPU pool that binds by id, VMs with a GPU, a vGPU and a QAT, and the rest that such a dump holds.
 */
import { exampleFunction, exampleInventory } from '../../src/rules/example';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const uid = (n: number): string => `0a6f1b5e-3d64-4c1e-9f0a-${String(n).padStart(12, '0')}`;

const NODES = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Node
    metadata:
      name: node01
      uid: ${uid(1)}
      labels:
        feature.node.kubernetes.io/cpu-model.vendor_id: Intel
        kubernetes.io/hostname: node01
        kubernetes.io/arch: amd64
        node-role.kubernetes.io/gpu: ""
        node-role.kubernetes.io/worker: ""
    spec: {}
    status:
      allocatable: { cpu: "63", devices.kubevirt.io/kvm: 1k, intel.com/qat: "1", nvidia.com/TU104GL_TESLA_T4: "2" }
      nodeInfo: { architecture: amd64, kernelVersion: 5.14.0-427.el9.x86_64 }
  - apiVersion: v1
    kind: Node
    metadata:
      name: node02
      uid: ${uid(2)}
      labels: { kubernetes.io/hostname: node02, kubernetes.io/arch: amd64, node-role.kubernetes.io/worker: "" }
    spec: {}
    status:
      allocatable: { cpu: "63", devices.kubevirt.io/kvm: 1k, nvidia.com/GRID_T4-1Q: "32" }
      nodeInfo: { architecture: amd64, kernelVersion: 5.14.0-427.el9.x86_64 }
metadata:
  resourceVersion: ""
`;

const KUBEVIRT = `apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata:
  annotations: { kubevirt.io/storage-observed-api-version: v1 }
  name: kubevirt-kubevirt-hyperconverged
  namespace: openshift-cnv
  uid: ${uid(3)}
  generation: 4
spec:
  configuration:
    developerConfiguration:
      featureGates:
        - CPUManager
        - Snapshot
        - HostDevices
        - VMExport
    evictionStrategy: None
    mediatedDevicesConfiguration:
      mediatedDeviceTypes: [nvidia-222]
    permittedHostDevices:
      mediatedDevices:
        - mdevNameSelector: GRID T4-1Q
          resourceName: nvidia.com/GRID_T4-1Q
      pciHostDevices:
        - externalResourceProvider: true
          pciVendorSelector: 10DE:1EB8
          resourceName: nvidia.com/TU104GL_TESLA_T4
        - pciVendorSelector: "8086:6f54"
          resourceName: intel.com/qat
      usb:
        - resourceName: kubevirt.io/storage
          selectors: [{ product: "0001", vendor: "46f4" }]
  workloadUpdateStrategy: { workloadUpdateMethods: [LiveMigrate, Evict] }
status:
  observedKubeVirtVersion: v1.6.3
  phase: Deployed
`;

const HYPERCONVERGED = `apiVersion: hco.kubevirt.io/v1beta1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv, uid: ${uid(4)} }
spec:
  permittedHostDevices:
    mediatedDevices: [{ mdevNameSelector: GRID T4-1Q, resourceName: nvidia.com/GRID_T4-1Q }]
    pciHostDevices:
      - { externalResourceProvider: true, pciDeviceSelector: "10DE:1EB8", resourceName: nvidia.com/TU104GL_TESLA_T4 }
      - { pciDeviceSelector: "8086:6f54", resourceName: intel.com/qat }
      - { disabled: true, pciDeviceSelector: "8086:5845", resourceName: intel.com/nvme }
`;

const machineConfig = (name: string, role: string, spec: string): string => `---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: { name: ${name}, uid: ${uid(10 + name.length)}, labels: { machineconfiguration.openshift.io/role: ${role} } }
spec:
${spec}`;

const MACHINE_CONFIGS = [
  machineConfig(
    '00-worker',
    'worker',
    `  config:
    ignition: { version: 3.5.0 }
    storage:
      files: [{ path: /usr/local/bin/configure-ovs.sh, mode: 493, contents: { source: "data:,%23%21%2Fbin%2Fbash" } }]
  fips: false
`,
  ),
  machineConfig('100-worker-iommu', 'worker', '  kernelArguments: [intel_iommu=on]\n'),
  machineConfig(
    '100-gpu-vfiopci',
    'gpu',
    `  config:
    ignition: { version: 3.2.0 }
    storage:
      files:
        - path: /etc/modprobe.d/vfio.conf
          mode: 420
          overwrite: true
          contents: { source: "data:text/plain;charset=utf-8;base64,${base64('options vfio-pci ids=10de:1eb8,8086:6f54\nsoftdep nouveau pre: vfio-pci\n')}" }
        - path: /etc/modules-load.d/vfio-pci.conf
          mode: 420
          contents: { source: "data:,vfio-pci%0A" }
`,
  ),
  machineConfig('rendered-gpu-5f2c', 'gpu', '  kernelArguments: [intel_iommu=on, iommu=off]\n').replace(
    ', labels: { machineconfiguration.openshift.io/role: gpu }',
    '',
  ),
  `---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: gpu, uid: ${uid(40)} }
spec:
  configuration: { name: rendered-gpu-5f2c }
  machineConfigSelector:
    matchExpressions: [{ key: machineconfiguration.openshift.io/role, operator: In, values: [worker, gpu] }]
  nodeSelector: { matchLabels: { node-role.kubernetes.io/gpu: "" } }
status: { machineCount: 1 }
---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: worker, uid: ${uid(41)}, labels: { pools.operator.machineconfiguration.openshift.io/worker: "" } }
spec:
  machineConfigSelector: { matchLabels: { machineconfiguration.openshift.io/role: worker } }
  nodeSelector: { matchLabels: { node-role.kubernetes.io/worker: "" } }
status: { machineCount: 1 }
`,
].join('');

const DEVICE_PLUGIN = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-kubevirt-gpu-dp-daemonset, namespace: kube-system, uid: ${uid(50)} }
spec:
  selector: { matchLabels: { name: nvidia-kubevirt-gpu-dp-ds } }
  template:
    metadata: { labels: { name: nvidia-kubevirt-gpu-dp-ds } }
    spec:
      containers:
        - name: nvidia-kubevirt-gpu-dp-ctr
          image: nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.3.1
`;

const FEATURE_RULE = `apiVersion: nfd.k8s-sigs.io/v1alpha1
kind: NodeFeatureRule
metadata: { name: gpus, uid: ${uid(51)} }
spec:
  rules:
    - name: t4
      labels: { example.com/t4: "true" }
      matchFeatures:
        - feature: pci.device
          matchExpressions: { vendor: { op: In, value: ["10de"] }, device: { op: In, value: ["1eb8"] } }
`;

const train = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'train-7', namespace: 'training', uid: uid(60) },
  spec: {
    runStrategy: 'Always',
    template: {
      metadata: { labels: { app: 'train' } },
      spec: {
        architecture: 'amd64',
        domain: {
          cpu: { cores: 8, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } },
          devices: {
            disks: [{ disk: { bus: 'virtio' }, name: 'root' }],
            gpus: [{ deviceName: 'nvidia.com/TU104GL_TESLA_T4', name: 'gpu1' }],
            hostDevices: [{ deviceName: 'intel.com/qat', name: 'qat1' }],
          },
          machine: { type: 'pc-q35-rhel9.4.0' },
          memory: { guest: '16Gi', hugepages: { pageSize: '1Gi' } },
          resources: {},
        },
        evictionStrategy: 'None',
        volumes: [{ containerDisk: { image: 'quay.io/containerdisks/fedora:42' }, name: 'root' }],
      },
    },
  },
  status: { printableStatus: 'Running', ready: true },
};

const MACHINES = JSON.stringify(
  {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      train,
      {
        ...train,
        kind: 'VirtualMachineInstance',
        metadata: {
          ...train.metadata,
          uid: uid(61),
          ownerReferences: [
            { apiVersion: 'kubevirt.io/v1', controller: true, kind: 'VirtualMachine', name: 'train-7', uid: uid(60) },
          ],
        },
        spec: train.spec.template.spec,
        status: { phase: 'Running' },
      },
    ],
  },
  null,
  2,
);

const POOL = `apiVersion: pool.kubevirt.io/v1alpha1
kind: VirtualMachinePool
metadata: { name: desktops, namespace: vdi, uid: ${uid(70)} }
spec:
  replicas: 3
  selector: { matchLabels: { app: desktop } }
  virtualMachineTemplate:
    metadata: { labels: { app: desktop } }
    spec:
      runStrategy: Always
      template:
        metadata: { labels: { app: desktop } }
        spec:
          domain:
            devices: { gpus: [{ name: vgpu1, deviceName: nvidia.com/GRID_T4-1Q }] }
            memory: { guest: 8Gi }
`;

/** What such a folder holds besides. */
const OTHERS = {
  'dump/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [vms.json]\n',
  'dump/values.yaml': 'replicas: 3\nimage: {{ .Values.image }}\n',
  'dump/.git/config.yaml': 'kind: VirtualMachine\n',
  'dump/notes.md': 'kind: VirtualMachine\n',
};

/** A whole cluster in which nothing is wrong, by path; the folder is `dump`. */
export const GOOD_DUMP: Readonly<Record<string, string>> = {
  'dump/nodes.yaml': NODES,
  'dump/cnv/kubevirt.yaml': KUBEVIRT,
  'dump/cnv/hyperconverged.yaml': HYPERCONVERGED,
  'dump/machine-configs.yaml': MACHINE_CONFIGS,
  'dump/device-plugin.yaml': DEVICE_PLUGIN,
  'dump/nfd.yaml': FEATURE_RULE,
  'dump/vms.json': MACHINES,
  'dump/vm-pool.yaml': POOL,
  ...OTHERS,
};

/** The hardware of its nodes, for `--inventory inventory`. */
export const GOOD_HARDWARE: Readonly<Record<string, string>> = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', {
      group: 27,
      name: 'NVIDIA Corporation TU104GL [Tesla T4]',
      free: true,
    }),
    exampleFunction('0000:66:00.0', '0302', '10de:1eb8', {
      group: 28,
      name: 'NVIDIA Corporation TU104GL [Tesla T4]',
      free: true,
    }),
    exampleFunction('0000:b5:00.0', '0b40', '8086:6f54', { group: 40, free: true }),
    exampleFunction('0000:01:00.0', '0108', '144d:a808', { group: 12, driver: 'nvme' }),
  ]),
};
