import type { KubeVirtRelease } from '../../src/kubevirt';

type Files = Readonly<Record<string, string>>;

/** Fleets whose names are as long and as odd as the compiler takes them, and that use what the matrix leaves out. */
export function extremeFleets(release: KubeVirtRelease): Readonly<Record<string, Files>> {
  const claims = ['1.4', '1.5'].includes(release) ? {} : { 'claims of every kind': claimsOf(release) };
  return {
    'long names on openshift with argocd': longNames(release, 'openshift', 'argocd'),
    'long names on linux with flux': longNames(release, 'linux', 'flux'),
    'long names on talos with flux': longNames(release, 'talos', 'flux'),
    'everything of a pool': poolSettings(release),
    ...claims,
  };
}

const named = (start: string, length: number): string => start + 'x'.repeat(length - start.length - 1) + 'z';

function longNames(release: KubeVirtRelease, platform: string, tool: string): Files {
  const kinds = ['VirtualMachine', 'VirtualMachineInstance', 'VirtualMachineInstanceReplicaSet', 'VirtualMachinePool'];
  const node = `${named('node-', 50)}.example.com`;
  return {
    'fleet.yaml': `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: ${named('fleet-', 63)} }
spec:
  inventory: inventory/
  cluster:
    nodePlatform: ${platform}
    nodePlatformVersion: "${platform === 'talos' ? '1.12' : '4.20'}"
    kubernetesVersion: "1.34"
    kubevirt: { version: "${release}" }
    gitops: { tool: ${tool}, repoURL: "https://git.example.com/fleet.git", revision: main, path: dist }
  devices:
    ${named('device-', 63)}: { pci: ["8086:6F54"], resourceName: ${named('vendor.', 40)}.com/${named('Q', 16)} }
    gpu: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
  nodePools:
    ${named('pool-', 52)}:
      nodes: [${node}]
      cpuVendor: intel
      taints: [{ key: ${named('example.com/', 60)}, value: ${named('v', 63)}, effect: NoExecute }]
      passthrough: [{ device: ${named('device-', 63)} }, { device: gpu }]
  virtualMachines:
${kinds
  .map(
    (kind, i) => `    vm${i}:
      kind: ${kind}
      name: ${named(`vm${i}-`, 63)}
      pool: ${named('pool-', 52)}
      namespace: ${named('space-', 63)}
      ${i % 2 === 0 ? `hostDevices: [{ name: d1, device: ${named('device-', 63)}, tag: ${named('t', 63)} }]` : 'gpus: [{ name: gpu_1, device: gpu }]'}
      ${kind === 'VirtualMachine' || kind === 'VirtualMachinePool' ? 'runStrategy: Halted\n      ' : ''}spec: { domain: { devices: {}, memory: { guest: 4Gi } } }`,
  )
  .join('\n')}
`,
    [`inventory/${node}.yaml`]: `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: ${node} }
spec:
  productUuid: 4c4c4544-0042-4a10-8057-b3c04f4d3731
  functions:
${['3d', '3e', '3f', '40'].map((bus, i) => `    - { address: "0000:${bus}:00.0", class: "0b40", id: "8086:6f54", driver: c6xx, iommuGroup: ${40 + i} }`).join('\n')}
${['65', '66', '67', '68'].map((bus, i) => `    - { address: "0000:${bus}:00.0", class: "0302", id: "10de:1eb8", driver: nvidia, iommuGroup: ${60 + i} }`).join('\n')}
`,
  };
}

function poolSettings(release: KubeVirtRelease): Files {
  return {
    'fleet.yaml': `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: settings }
spec:
  cluster:
    nodePlatform: openshift
    nodePlatformVersion: "4.20"
    kubernetesVersion: "1.33"
    kubevirt: { version: "${release}", featureGates: [CPUManager] }
    gitops: { tool: argocd, repoURL: "https://git.example.com/fleet.git", revision: main, path: dist, reboots: automatic, destination: lab }
  devices:
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
    gpu: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
  devicePlugins: { nvidia: { image: "registry.example.com:5000/mirror/plugin@sha256:${'a'.repeat(64)}", imagePullSecrets: [pull], namespace: plugins } }
  nodePools:
    numa:
      nodes: [node01, node02]
      nodeSelector: { node-role.kubernetes.io/numa: "" }
      cpuVendor: amd
      maxUnavailable: "50%"
      iommu: { pt: true }
      kernelArguments: [pci=realloc]
      hugepages: [{ size: 1Gi, count: 16 }]
      kubelet:
        cpuManagerPolicy: static
        reservedSystemCPUs: "0-1"
        memoryManagerPolicy: Static
        topologyManagerPolicy: single-numa-node
        reservedMemory: [{ numaNode: 0, limits: { memory: 1124Mi } }]
        kubeReserved: { cpu: 500m, memory: 512Mi }
        systemReserved: { cpu: 500m, memory: 512Mi }
        evictionHard: { memory.available: 100Mi }
      taints: [{ key: numa, effect: NoSchedule }]
      passthrough:
        - { device: qat, addresses: { node01: ["0000:3d:00.0"], node02: ["0000:3e:00.0"] } }
        - { device: gpu, addresses: ["0000:65:00.0"] }
  virtualMachines:
    fast:
      pool: numa
      metadata: { labels: { app: "1" }, annotations: { example.com/note: "yes: no" } }
      templateMetadata: { labels: { app: "true" } }
      hostDevices: [{ name: qat, device: qat }]
      gpus: [{ name: gpu, device: gpu }]
      spec:
        evictionStrategy: None
        domain:
          cpu: { sockets: 1, cores: 4, threads: 1, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } }
          memory: { guest: 4Gi, hugepages: { pageSize: 1Gi } }
          devices: {}
`,
  };
}

function claimsOf(release: KubeVirtRelease): Files {
  return {
    'fleet.yaml': `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: claims }
spec:
  cluster: { nodePlatform: talos, nodePlatformVersion: "1.12", kubernetesVersion: "1.34", kubevirt: { version: "${release}" } }
  devices:
    h100:
      pci: ["10de:2330", "10DE:2331"]
      allocation: dra
      dra: { driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com, driverFeatureGates: [PassthroughSupport, DeviceMetadata] }
  nodePools:
    gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: h100 }] }
  virtualMachines:
    ${named('train-', 60)}:
      pool: gpu
      gpus:
        - { name: Gpu_One, device: h100, claim: { kind: template, numaNode: 1, product: NVIDIA H100 PCIe } }
        - { name: ${named('gpu', 63)}, device: h100, claim: { kind: claim, pcieRoot: "pci0000:64" } }
        - { name: gpu3, device: h100, address: "0000:65:00.0" }
        - { name: gpu4, device: h100, claim: { expressions: ['device.capacity["gpu.nvidia.com"].addressableMemory.compareTo(quantity("80Gi")) >= 0'] } }
      spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`,
  };
}
