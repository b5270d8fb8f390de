/** A fleet with one of everything: two cards by id, a drive by address, vGPUs, USB, VMs of both kinds. */
export const LAB_FLEET = `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  inventory: inventory
  cluster:
    nodePlatform: openshift
    nodePlatformVersion: "4.20"
    kubevirt: { version: "1.6", featureGates: [Snapshot] }
  devices:
    t4:
      pci: ["10de:1eb8"]
      resourceName: nvidia.com/TU104GL_TESLA_T4
      externalResourceProvider: true
      devicePlugin: nvidia
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
    nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
    t4-1q:
      mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }
      resourceName: nvidia.com/GRID_T4-1Q
    stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
  nodePools:
    gpu:
      nodes: [node01, node02]
      nodeSelector: { node-role.kubernetes.io/gpu: "" }
      cpuVendor: intel
      maxUnavailable: 1
      iommu: { pt: true }
      kernelArguments: [pci=realloc]
      taints: [{ key: gpu, value: "yes", effect: NoSchedule }]
      passthrough: [{ device: t4 }, { device: qat }]
    storage:
      nodes: [node03]
      cpuVendor: amd
      passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }]
      usb: [stick]
    vgpu:
      nodes: [node04]
      cpuVendor: intel
      mediatedDevices: [{ device: t4-1q, createdBy: kubevirt }]
  virtualMachines:
    build01:
      namespace: ci
      pool: gpu
      runStrategy: Always
      gpus: [{ name: gpu1, device: t4 }]
      hostDevices: [{ name: crypto1, device: qat }]
      spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
    vmi-nvme:
      kind: VirtualMachineInstance
      node: node03
      metadata: { labels: { special: vmi-nvme } }
      hostDevices: [{ name: nvme, device: nvme, tag: data }]
      spec: { domain: { devices: {}, memory: { guest: 1Gi } } }
`;

const inventory = (node: string, uuid: string, functions: string): string => `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: ${node} }
spec:
  productUuid: "${uuid}"
  functions:
${functions}`;

/** Its inventories, by path. */
export const LAB_INVENTORIES: Readonly<Record<string, string>> = {
  'inventory/node01.yaml': inventory(
    'node01',
    '4c4c4544-0042-3510-8052-b4c04f4e4301',
    `    - { address: "0000:3b:00.0", class: "0302", id: "10de:1eb8", name: "TU104GL [Tesla T4]", iommuGroup: 30, hostUse: [] }
    - { address: "0000:70:00.0", class: "0b40", id: "8086:6f54", iommuGroup: 31, hostUse: [] }`,
  ),
  'inventory/node02.yaml': inventory(
    'node02',
    '4c4c4544-0042-3510-8052-b4c04f4e4302',
    `    - { address: "0000:3b:00.0", class: "0302", id: "10de:1eb8", name: "TU104GL [Tesla T4]", iommuGroup: 30, hostUse: [] }`,
  ),
  'inventory/node03.yaml': inventory(
    'node03',
    '4c4c4544-0042-3510-8052-b4c04f4e4303',
    `    - { address: "0000:5d:00.0", class: "0108", id: "8086:5845", iommuGroup: 40, hostUse: [{ kind: root-disk, reason: / }] }
    - { address: "0000:5e:00.0", class: "0108", id: "8086:5845", serial: PHLJ1, iommuGroup: 41, hostUse: [] }`,
  ),
};
