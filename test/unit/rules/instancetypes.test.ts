/* Rules about what a VM is look at the VM and its instancetype together; what they say stands where the VM names the instancetype. */
import { exampleFleet } from '../../../src/rules/example';
import type { Span } from '../../../src/source';
import { messageLawViolations } from '../../support/message-law';
import { judge } from '../../rules/harness';

const INVENTORY = `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  cpuVendor: intel
  numaNodes:
    - { node: 0, cpus: "0-7", memoryMebibytes: 16384 }
    - { node: 1, cpus: "8-15", memoryMebibytes: 16384 }
  functions:
    - { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: vfio-pci, iommuGroup: 27, numaNode: 0 }
`;

/** What is found of a VM with an instancetype of this spec, and where. */
function found(instancetype: string, more = '', kubevirt = '"1.6", featureGates: [CPUManager]'): string[] {
  const files = {
    'fleet.yaml': exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: ${kubevirt} }, current: cluster/ }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: t4 }]
    kubelet: { cpuManagerPolicy: static, reservedSystemCPUs: "0", topologyManagerPolicy: single-numa-node }
virtualMachines:
  train-7:
    node: node01
    instancetype: { name: large }
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}${more} } }
`),
    'inventory/node01.yaml': INVENTORY,
    'cluster/types.yaml': `
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata: { name: large }
spec: ${instancetype}
`,
  };
  const { diagnostics } = judge(files);
  expect(diagnostics.flatMap(messageLawViolations)).toEqual([]);
  const marked = ({ file, start, end }: Span): string => files[file as keyof typeof files].slice(start, end);
  return diagnostics
    .filter(({ severity }) => severity !== 'info')
    .map(({ slug, primary, secondary }) =>
      [slug, primary.at, ...secondary.map(({ at }) => at).filter(({ file }) => file.startsWith('cluster/'))]
        .map((part) => (typeof part === 'string' ? part : marked(part)))
        .join(' '),
    );
}

it('finds nothing in one that fits', () => {
  expect(found('{ cpu: { guest: 4, dedicatedCPUPlacement: true }, memory: { guest: 8Gi } }')).toEqual([]);
});

it.each([
  [
    'more dedicated CPUs than a NUMA node has',
    '{ cpu: { guest: 12, dedicatedCPUPlacement: true }, memory: { guest: 8Gi } }',
    ['vm/larger-than-numa-node large 12'],
  ],
  [
    'memory that is no number of pages',
    '{ cpu: { guest: 1 }, memory: { guest: 5Gi, hugepages: { pageSize: 2Gi } } }',
    ['vm/uneven-hugepages large 5Gi 2Gi'],
  ],
  [
    'a NUMA layout without pages',
    '{ cpu: { guest: 1, dedicatedCPUPlacement: true, numa: { guestMappingPassthrough: {} } }, memory: { guest: 8Gi } }',
    ['vm/unpinned-numa large {}'],
  ],
  [
    'a thread of its own without CPUs of its own',
    '{ cpu: { guest: 1, isolateEmulatorThread: true }, memory: { guest: 8Gi } }',
    ['vm/broken-cpu-pinning large true'],
  ],
  [
    'memory that is overcommitted under a device',
    '{ cpu: { guest: 1 }, memory: { guest: 8Gi, overcommitPercent: 50 } }',
    ['vm/overcommitted-memory large 50 8Gi'],
  ],
  ['more memory than the node has', '{ cpu: { guest: 1 }, memory: { guest: 32Gi } }', ['vm/short-memory node01']],
  [
    'a confidential launch from the BIOS',
    '{ cpu: { guest: 1 }, memory: { guest: 8Gi }, launchSecurity: { tdx: {} } }',
    ['vm/broken-launch-security large tdx', 'vm/device-without-iommufd large tdx'],
  ],
])('finds %s', (_case, instancetype, findings) => {
  expect(found(instancetype).filter((one) => !one.startsWith('vm/missing-gate'))).toEqual(findings);
});

it('says nothing of firmware that a preference may bring', () => {
  const { diagnostics } = judge({
    'fleet.yaml': exampleFleet(`
virtualMachines:
  train-7:
    preference: { name: linux.efi }
    spec: { domain: { devices: {}, memory: { guest: 4Gi }, launchSecurity: { snp: {} } } }
`),
  });
  expect(diagnostics.map(({ slug }) => slug)).not.toContain('vm/broken-launch-security');
});
