import { exampleFleet, exampleFunction, exampleInventory } from '../../../src/rules/example';
import { messageLawViolations } from '../../support/message-law';
import { judge } from '../../rules/harness';

const T4 = exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 });
const DEVICES = `devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
  t4-1q: { mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
`;
const VM = 'spec: { domain: { devices: {}, memory: { guest: 4Gi } } }';

/** The slugs of everything above info, in the order of the report. */
function found(spec: string, inventories: Readonly<Record<string, readonly string[]>> = {}): string[] {
  const files: Record<string, string> = {
    'fleet.yaml': exampleFleet(Object.keys(inventories).length === 0 ? spec : `inventory: inventory/\n${spec}`),
  };
  for (const [node, functions] of Object.entries(inventories)) {
    files[`inventory/${node}.yaml`] = exampleInventory(node, functions);
  }
  const { diagnostics } = judge(files);
  expect(diagnostics.flatMap(messageLawViolations)).toEqual([]);
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ slug }) => slug);
}

describe('one cause draws one finding', () => {
  test('a malformed selector does not also leave the pool and the VM without a device', () => {
    const spec = `
devices:
  t4: { pci: ["10de:1eb"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, binding: id }] }
virtualMachines:
  vm: { gpus: [{ name: gpu, device: t4 }], ${VM} }
`;
    expect(found(spec, { node01: [T4] })).toEqual(['pci/malformed-selector']);
  });

  test('a device that no node holds is said at the pool and not again at the VM', () => {
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: nvme }] }
virtualMachines:
  vm: { hostDevices: [{ name: disk, device: nvme }], ${VM} }
`;
    expect(found(spec, { node01: [T4] })).toEqual(['pci/absent-device']);
  });

  test('a wrong address is said once, not as an absent device or an unprovided one', () => {
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, addresses: ["0000:66:00.0"] }] }
virtualMachines:
  vm: { gpus: [{ name: gpu, device: t4 }], ${VM} }
`;
    expect(found(spec, { node01: [T4] })).toEqual(['pci/unknown-address']);
  });

  test('an address of another model is not also a disk of unknown use', () => {
    const disk = exampleFunction('0000:66:00.0', '0108', '144d:a80a', { group: 28 });
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, addresses: ["0000:66:00.0"] }] }
`;
    expect(found(spec, { node01: [T4, disk] })).toEqual(['pci/mismatched-address']);
  });

  test('the boot disk by id is not also an unsafe binding', () => {
    const disk = exampleFunction('0000:66:00.0', '0108', '8086:5845', { group: 28, driver: 'nvme' });
    const spec = `${DEVICES}
nodePools:
  gpu:
    nodes: [node01]
    hostUse: [{ addresses: ["0000:66:00.0"], reason: boot disk }]
    passthrough: [{ device: nvme, binding: id }]
`;
    expect(found(spec, { node01: [disk] })).toEqual(['pci/host-device-bound']);
  });

  test('a device that a pool and a VM misspell alike is said at the pool', () => {
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t5 }] }
virtualMachines:
  vm: { gpus: [{ name: gpu, device: t5 }], ${VM} }
`;
    expect(found(spec)).toEqual(['node/unknown-device']);
  });

  test('a VM on an unknown node is not also without its device', () => {
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
virtualMachines:
  vm: { node: node11, gpus: [{ name: gpu, device: t4 }], ${VM} }
`;
    expect(found(spec, { node01: [T4] })).toEqual(['vm/unknown-node']);
  });

  test('cards that are handed over whole leave the VM with one complaint, at the pool', () => {
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, binding: id }], mediatedDevices: [{ device: t4-1q }] }
`;
    expect(found(spec, { node01: [T4] })).toEqual(['mdev/parent-passed-through']);
  });
});

describe('the same trouble on many nodes', () => {
  const nodes = Array.from({ length: 40 }, (_, i) => `node${String(i + 1).padStart(2, '0')}`);
  const inventories = (functions: readonly string[]) => Object.fromEntries(nodes.map((node) => [node, functions]));
  const judged = (spec: string, functions: readonly string[]) => {
    const files: Record<string, string> = { 'fleet.yaml': exampleFleet(`inventory: inventory/\n${spec}`) };
    for (const [node, lines] of Object.entries(inventories(functions))) {
      files[`inventory/${node}.yaml`] = exampleInventory(node, lines);
    }
    return judge(files).diagnostics.filter(({ severity }) => severity !== 'info');
  };

  test('is one finding that counts the nodes and names three', () => {
    const spec = `${DEVICES}
nodePools:
  gpu: { nodes: [${nodes.join(', ')}], passthrough: [{ device: t4, addresses: ["0000:b3:00.0"] }] }
`;
    const diagnostics = judged(spec, [T4]);

    expect(diagnostics.map(({ message }) => message)).toEqual([
      '40 nodes (node01, node02, node03, and 37 more) have no PCI function at 0000:b3:00.0',
    ]);
  });

  test('is one finding for 40 boot disks', () => {
    const disk = exampleFunction('0000:66:00.0', '0108', '8086:5845', { group: 28, driver: 'nvme' });
    const spec = `${DEVICES}
nodePools:
  gpu:
    nodes: [${nodes.join(', ')}]
    hostUse: [{ addresses: ["0000:66:00.0"], reason: boot disk }]
    passthrough: [{ device: nvme }]
`;
    const [first, ...others] = judged(spec, [disk]);

    expect(others).toEqual([]);
    expect(first?.message).toContain('takes 40 functions that the host uses');
    expect(first?.notes).toContain('37 more functions are in use');
  });

  test('is one finding for 30 VMs', () => {
    const machines = Array.from(
      { length: 30 },
      (_, i) => `  vm-${i + 1}: { gpus: [{ name: gpu, device: tx }], ${VM} }\n`,
    );
    const { diagnostics } = judge({ 'fleet.yaml': exampleFleet(`${DEVICES}virtualMachines:\n${machines.join('')}`) });
    const own = diagnostics.filter(({ slug }) => slug === 'vm/unknown-device');

    expect(own).toHaveLength(1);
    expect(own[0]?.notes).toEqual(['the same holds for 29 more VMs (vm-2, vm-3, vm-4, and 26 more)']);
  });
});

describe('what is right draws nothing', () => {
  test('two plugins on different nodes', () => {
    const spec = `
devices:
  t4: { pci: ["10de:1eb8"], devicePlugin: nvidia, resourceName: nvidia.com/TU104GL_TESLA_T4 }
  a2: { pci: ["10de:25b6"], resourceName: example.com/a2 }
nodePools:
  one: { nodes: [node01], passthrough: [{ device: t4 }] }
  two: { nodes: [node02], passthrough: [{ device: a2 }] }
virtualMachines:
  vm: { gpus: [{ name: gpu, device: a2 }], ${VM} }
`;
    const a2 = exampleFunction('0000:3b:00.0', '0302', '10de:25b6', { group: 5 });
    expect(found(spec, { node01: [T4], node02: [a2] })).toEqual([]);
  });

  test('a resource that somebody else serves and no pool mentions', () => {
    const spec = `
devices:
  fpga: { pci: ["10ee:5000"], resourceName: example.com/fpga, externalResourceProvider: true }
nodePools:
  one: { nodes: [node01], cpuVendor: intel }
virtualMachines:
  vm: { pool: one, hostDevices: [{ name: fpga, device: fpga }], ${VM} }
`;
    expect(found(spec)).toEqual([]);
  });

  test('a group whose other member has no driver', () => {
    const sibling = '"0000:65:00.1"';
    const free = `address: ${sibling}, class: "1180", id: "10de:10f9", driver: none, iommuGroup: 27`;
    expect(
      found(`${DEVICES}\nnodePools:\n  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }\n`, {
        node01: [T4, free],
      }),
    ).toEqual([]);
  });

  test('a VM that may be migrated with KubeVirt 1.9 and its gate', () => {
    const spec = `cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", featureGates: [VGPULiveMigration] } }
${DEVICES}
nodePools:
  vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: t4-1q }] }
virtualMachines:
  vm:
    gpus: [{ name: gpu, device: t4-1q }]
    spec: { evictionStrategy: LiveMigrate, domain: { devices: {}, memory: { guest: 4Gi } } }
`;
    expect(found(spec)).toEqual([]);
    expect(found(spec.replace('"1.9"', '"1.8"').replace(', featureGates: [VGPULiveMigration]', ''))).toEqual([
      'vm/blocked-drain',
    ]);
  });
});
