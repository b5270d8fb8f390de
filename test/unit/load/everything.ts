import type { JsonValue } from '../../../src/model';

/** A fleet that uses every key of the format; what excludes another key stands in an entry of its own. */
export const EVERYTHING: JsonValue = {
  apiVersion: 'hostdev/v1alpha1',
  kind: 'Fleet',
  metadata: { name: 'lab' },
  spec: {
    include: ['common.yaml'],
    inventory: 'inventory/',
    cluster: {
      nodePlatform: 'openshift',
      nodePlatformVersion: '4.20',
      kubernetesVersion: '1.33',
      kubevirt: {
        version: '1.6.3',
        managedBy: 'hyperconverged',
        apiVersion: 'hco.kubevirt.io/v1beta1',
        namespace: 'kv',
        name: 'kv',
        featureGates: ['CPUManager'],
      },
      current: 'cluster/',
      operators: ['node-tuning-operator'],
      talosSchematic: 'talos.yaml',
      gitops: {
        tool: 'argocd',
        repoURL: 'https://git.example.com/platform/fleet.git',
        revision: 'main',
        path: 'dist',
        namespace: 'argocd',
        project: 'default',
        destination: 'lab',
        reboots: 'manual',
        kubectlImage: 'registry.example.com/mirror/kubectl:1.33.3',
      },
    },
    devices: {
      t4: { pci: ['10de:1eb8'], resourceName: 'a.b/c', externalResourceProvider: true, devicePlugin: 'nvidia' },
      grid: { mdev: { name: 'GRID T4-1Q', typeId: 'nvidia-222', parent: '10de:1eb8' } },
      h100: {
        pci: ['10de:2330'],
        allocation: 'dra',
        dra: { driver: 'gpu.nvidia.com', deviceClassName: 'vfio.gpu.nvidia.com', driverFeatureGates: ['A'] },
      },
      share: { vgpu: { type: 'NVIDIA L40S-4Q', parent: '10de:26b9', framework: 'vendor-vfio' } },
      stick: { usb: { selectors: [{ vendor: '46f4', product: '0001' }] } },
    },
    devicePlugins: {
      nvidia: {
        image: 'a/b:c',
        imagePullSecrets: ['pull'],
        namespace: 'nvidia',
        priorityClassName: 'a',
        resources: { requests: { cpu: '10m' } },
      },
      acme: {
        image: 'a/b:c',
        command: ['/plugin'],
        args: ['-v'],
        env: [
          { name: 'LEVEL', value: 'info' },
          { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        ],
        hostPaths: [{ path: '/dev/acme', mountPath: '/dev/acme', readOnly: false }],
        readOnlyRootFilesystem: false,
        imagePullSecrets: ['pull'],
        namespace: 'acme',
        priorityClassName: 'a',
        resources: { requests: { cpu: 1 }, limits: { memory: '64Mi' } },
      },
    },
    nodePools: {
      gpu: {
        nodes: ['node01'],
        nodeSelector: { gpu: 'yes' },
        cpuVendor: 'intel',
        nodePlatform: 'openshift',
        nodePlatformVersion: '4.20',
        machineConfigPool: 'gpu',
        maxUnavailable: '10%',
        machineConfigNames: { kernelArguments: 'a', vfio: 'b' },
        iommu: { pt: true, intelArgument: 'omit', amdArgument: 'omit' },
        kernelArguments: ['a=b'],
        hugepages: [{ size: '1Gi', count: 4 }],
        kubelet: { topologyManagerPolicy: 'restricted' },
        talosSchematic: 'talos.yaml',
        performanceProfile: 'gpu',
        hostUse: [{ addresses: ['0000:5f:00.0'], nodes: ['node01'], reason: 'boot disk' }],
        taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
        passthrough: [
          {
            device: 't4',
            addresses: ['0000:5e:00.0'],
            binding: 'auto',
            companions: ['10de:10f7'],
            acknowledge: { 'pci/unknown-host-use': 'looked' },
          },
          { device: 't4', addresses: { node01: ['0000:5e:00.0'] } },
        ],
        mediatedDevices: [{ device: 'grid', createdBy: 'kubevirt', count: 2 }],
        sriov: [{ parent: '10de:26b9', numVfs: 16, createdBy: 'operator' }],
        usb: ['stick'],
      },
    },
    virtualMachines: {
      a: {
        kind: 'VirtualMachine',
        name: 'a',
        namespace: 'default',
        metadata: { labels: { a: 'b' }, annotations: { a: 'b' } },
        node: 'node01',
        pool: 'gpu',
        numa: { kubelet: 'restricted', guestMapping: true, pcieTopology: true },
        gpus: [
          { name: 'g', device: 't4', virtualGPUOptions: {}, tag: 'x', address: '0000:5e:00.0' },
          {
            name: 'c',
            device: 'h100',
            claim: { kind: 'claim', numaNode: 0, pcieRoot: 'pci0000:64', product: 'H100', expressions: ['true'] },
          },
        ],
        hostDevices: [{ name: 'h', device: 'stick', tag: 'x', address: '0000:5e:00.0', claim: {} }],
        spec: { domain: {} },
        runStrategy: 'Halted',
        instancetype: { name: 'a' },
        preference: { name: 'a' },
        dataVolumeTemplates: [{}],
      },
      b: { manifest: 'b.yaml' },
      c: {
        kind: 'VirtualMachinePool',
        replicas: 3,
        templateMetadata: { labels: { a: 'b' }, annotations: { a: 'b' } },
        spec: { domain: {} },
      },
    },
    manifests: ['tenants/*.yaml'],
  },
};

/** The files that it names, except for its folders. */
export const EVERYTHING_NAMES: Readonly<Record<string, string>> = {
  'talos.yaml': 'customization: { extraKernelArgs: [quiet] }\n',
  'common.yaml': 'apiVersion: hostdev/v1alpha1\nkind: Fleet\nspec: {}\n',
  'tenants/c.yaml':
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: tenant }\nspec: { runStrategy: Always, template: { spec: { domain: {} } } }\n',
  'b.yaml':
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: b }\nspec: { template: { spec: {} } }\n',
};
