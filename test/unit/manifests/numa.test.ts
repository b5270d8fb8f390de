/* What a VM asks for under `numa`, and where that ends up: on the VM, on kubelets, in KubeVirt's feature gates. */
import { at, compiled, type Compiled } from './compiled';

const fleetOf = (
  numa: string,
  more: { readonly pool?: string; readonly spec?: string; readonly cluster?: string } = {},
): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, nodePlatformVersion: "4.20", kubevirt: { version: "1.8" }${more.cluster ?? ''} }
  devices: { t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 } }
  nodePools:
    gpu: { nodes: [n1], cpuVendor: intel, hugepages: [{ size: 1Gi, count: 16 }], ${more.pool ?? ''}passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
    other: { nodes: [n2], cpuVendor: intel }
  virtualMachines:
    vm01:
      numa: ${numa}
      gpus: [{ name: g, device: t4 }]
      pool: gpu
      spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi }${more.spec ?? ''} } }
`;
const domainOf = ({ manifest }: Compiled): unknown =>
  at(manifest('vm/default/vm01'), 'spec', 'template', 'spec', 'domain');
const gatesOf = ({ manifest, has }: Compiled): unknown =>
  has('kubevirt')
    ? at(manifest('kubevirt'), 'spec', 'configuration', 'developerConfiguration', 'featureGates')
    : undefined;
const GPUS = { gpus: [{ name: 'g', deviceName: 'nvidia.com/t4' }] };

it('sets the policies of kubelet for the pool of the VM, and dedicates its CPUs', () => {
  const result = compiled(fleetOf('{ kubelet: single-numa-node }'));
  expect(domainOf(result)).toEqual({
    devices: GPUS,
    cpu: { cores: 4, dedicatedCpuPlacement: true },
    memory: { guest: '4Gi' },
  });
  expect(at(result.manifest('unit/gpu/kubelet'), 'spec', 'kubeletConfig')).toEqual({
    cpuManagerPolicy: 'static',
    topologyManagerPolicy: 'single-numa-node',
  });
  expect(result.text(result.manifest('unit/gpu/kubelet').path)).toContain('# VM vm01 asks for it under `numa`');
  expect(result.manifest('unit/gpu/kubelet').trace('/spec/kubeletConfig/topologyManagerPolicy')).toMatchObject({
    pointer: '/spec/virtualMachines/vm01/numa/kubelet',
  });
  expect(result.has('unit/other/kubelet')).toBe(false);
  expect(gatesOf(result)).toEqual(['CPUManager']);
});

it('maps the guest on huge pages of the size that its pool has, and touches no kubelet', () => {
  const result = compiled(fleetOf('{ guestMapping: true }'));
  expect(domainOf(result)).toEqual({
    devices: GPUS,
    cpu: { cores: 4, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } },
    memory: { guest: '4Gi', hugepages: { pageSize: '1Gi' } },
  });
  expect(result.has('unit/gpu/kubelet')).toBe(false);
});

it('turns on the gate for devices, and nothing else but dedicated CPUs', () => {
  const result = compiled(fleetOf('{ pcieTopology: true }'));
  expect(domainOf(result)).toMatchObject({ cpu: { cores: 4, dedicatedCpuPlacement: true } });
  expect(domainOf(result)).not.toHaveProperty('cpu.numa');
  expect(gatesOf(result)).toEqual(['CPUManager', 'PCINUMAAwareTopology']);
  expect(result.has('unit/gpu/kubelet')).toBe(false);
});

it('keeps what stands in the spec and in the pool', () => {
  const result = compiled(
    fleetOf('{ kubelet: restricted, guestMapping: true }', {
      pool: 'kubelet: { topologyManagerPolicy: single-numa-node, reservedSystemCPUs: "0" }, ',
      spec: '',
    }).replace('memory: { guest: 4Gi }', 'memory: { guest: 4Gi, hugepages: { pageSize: 2Mi } }'),
  );
  expect(domainOf(result)).toMatchObject({ memory: { hugepages: { pageSize: '2Mi' } } });
  expect(at(result.manifest('unit/gpu/kubelet'), 'spec', 'kubeletConfig')).toEqual({
    cpuManagerPolicy: 'static',
    reservedSystemCPUs: '0',
    topologyManagerPolicy: 'single-numa-node',
  });
});

it('takes the stricter of two policies', () => {
  const two = `${fleetOf('{ kubelet: restricted }')}    vm02:
      numa: { kubelet: single-numa-node }
      pool: gpu
      spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`;
  expect(at(compiled(two).manifest('unit/gpu/kubelet'), 'spec', 'kubeletConfig')).toMatchObject({
    topologyManagerPolicy: 'single-numa-node',
  });
});

it('leaves the kubelet of a PerformanceProfile alone', () => {
  expect(
    compiled(fleetOf('{ kubelet: restricted }', { pool: 'performanceProfile: low-latency, ' })).has('unit/gpu/kubelet'),
  ).toBe(false);
});

it('is in no spec whose CPUs come from an instancetype', () => {
  const text = fleetOf('{ guestMapping: true }').replace(
    /spec: \{ domain.*/,
    'instancetype: { name: large }\n      spec: { domain: { devices: {} } }',
  );
  expect(domainOf(compiled(text))).toEqual({ devices: GPUS });
});
