import { analyse, type Analysis } from '../../../src/analysis';
import { loadFleet } from '../../../src/load';
import { analysisOf, memoryFiles, requireFleet } from '../../support/fleet-of';

const fn = (address: string, id: string, facts: string): string =>
  `    - { address: "${address}", class: "0302", id: "${id}", ${facts} }\n`;

function advertisedOn(
  spec: string,
  inventory: string,
  options: { readonly version?: string; readonly kubevirt?: string } = {},
): Analysis['nodes'][number] {
  const { version = '1.6', kubevirt = '{}' } = options;
  const analysis = analyse(
    requireFleet(
      loadFleet(
        memoryFiles({
          'fleet.yaml': `apiVersion: hostdev/v1alpha1\nkind: Fleet\nmetadata: { name: f }\nspec:\n  inventory: inventory/\n  cluster: { nodePlatform: openshift, kubevirt: { version: "${version}" }, current: cluster/ }\n${spec}`,
          'inventory/n.yaml': `apiVersion: hostdev/v1alpha1\nkind: NodeInventory\nmetadata: { name: n }\nspec:\n${inventory}`,
          'cluster/kubevirt.yaml': `apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata: { name: kubevirt, namespace: kubevirt }\nspec: { configuration: ${kubevirt} }\n`,
        }),
        'fleet.yaml',
      ),
    ),
  );
  const [node] = analysis.nodes;
  if (node === undefined) throw new Error('the node is in the inventory');
  return node;
}

/** Counts by device: what is advertised, and what the fleet provides. */
const counts = ({ advertised }: Analysis['nodes'][number]): Record<string, unknown> =>
  Object.fromEntries(
    advertised.map(({ resource, count, provided, unknownBecause }) => [
      resource.device.name,
      [count, provided, ...(unknownBecause === undefined ? [] : [unknownBecause])],
    ]),
  );

const T4 = '  devices: { t4: { pci: ["10de:1eb8"], resourceName: a.com/t4 } }\n';
const POOL = (passthrough: string): string =>
  `  nodePools: { p: { nodes: [n], cpuVendor: intel, passthrough: [${passthrough}] } }\n`;

test('KubeVirt advertises whatever is on vfio-pci, and the fleet provides what it declares', () => {
  const node = advertisedOn(
    T4 + POOL('{ device: t4, addresses: ["0000:3b:00.0"] }'),
    `  functions:\n${fn('0000:3b:00.0', '10de:1eb8', 'driver: nouveau, iommuGroup: 1, numaNode: 1')}${fn('0000:3c:00.0', '10de:1eb8', 'driver: vfio-pci, iommuGroup: 2, numaNode: -1')}`,
  );
  expect(counts(node)).toEqual({ t4: [2, 1] });
  expect(node.advertised[0]?.devices.map(({ id, numaNode }) => [id, numaNode])).toEqual([
    ['1', 1],
    ['2', undefined],
  ]);
  expect(node.advertised[0]?.resource).toMatchObject({
    socket: 'kubevirt-a.com-t4.sock',
    variable: 'PCI_RESOURCE_A_COM_T4',
  });
});

test('what somebody else binds counts once it is bound', () => {
  const inventory = (driver: string): string =>
    `  functions:\n${fn('0000:3b:00.0', '10de:1eb8', `driver: ${driver}, iommuGroup: 1`)}`;
  const spec = T4 + POOL('{ device: t4, binding: external }');
  expect(counts(advertisedOn(spec, inventory('vfio-pci')))).toEqual({ t4: [1, 1] });
  expect(counts(advertisedOn(spec, inventory('nouveau')))).toEqual({ t4: [0, 1] });
  expect(counts(advertisedOn(spec, inventory('nvgrace_gpu_vfio_pci')))).toEqual({ t4: [0, 1] });
});

test.each([
  ['1.8.4', '', [0, 1]],
  ['1.8.4', ', currentVgpuType: "1428"', [0, 1]],
  ['1.9.0', '', [undefined, 1, 'the inventory does not show which virtual functions have a vGPU']],
  ['1.9.0', ', currentVgpuType: "1428"', [1, 1]],
  ['1.9.0', ', currentVgpuType: none', [0, 1]],
])('a virtual function on NVIDIA’s driver with KubeVirt %s%s', (version, vgpu, expected) => {
  const facts = `driver: nvidia, iommuGroup: 1, physicalFunction: "0000:3b:00.0"${vgpu}`;
  const node = advertisedOn(
    T4 + POOL('{ device: t4, binding: external }'),
    `  functions:\n${fn('0000:3b:00.4', '10de:1eb8', facts)}`,
    { version },
  );
  expect(counts(node)).toEqual({ t4: expected });
});

test('functions have no groups yet where the IOMMU was off and the fleet turns it on', () => {
  const inventory = `  functions:\n${fn('0000:3b:00.0', '10de:1eb8', 'iommuGroup: none')}${fn('0000:3c:00.0', '10de:1eb8', 'iommuGroup: none')}`;
  expect(counts(advertisedOn(T4 + POOL('{ device: t4 }'), inventory))).toEqual({
    t4: [undefined, undefined, 'the inventory does not show every IOMMU group'],
  });
  expect(counts(advertisedOn(T4 + POOL('{ device: t4, binding: external }'), inventory))).toEqual({
    t4: [0, undefined],
  });
});

test('entries of others are kept and advertised under their names', () => {
  const node = advertisedOn(
    T4 + POOL('{ device: t4 }'),
    `  functions:\n${fn('0000:3b:00.0', '10de:1eb8', 'iommuGroup: 1')}${fn('0000:3c:00.0', '8086:6f54', 'driver: vfio-pci, iommuGroup: 2')}`,
    {
      kubevirt:
        '{ permittedHostDevices: { pciHostDevices: [{ pciVendorSelector: 8086:6F54, resourceName: intel.com/qat }] } }',
    },
  );
  expect(node.alsoAdvertised).toMatchObject([{ name: 'intel.com/qat', server: 'kubevirt', count: 1 }]);
});

test('NVIDIA’s plugin counts functions, and companions of its vendor under names of their own', () => {
  const node = advertisedOn(
    `  devices: { t4: { pci: ["10de:1eb8"], devicePlugin: nvidia, externalResourceProvider: true } }\n${POOL('{ device: t4 }')}`,
    `  functions:\n${fn('0000:3b:00.0', '10de:1eb8', 'name: "NVIDIA Corporation TU104GL [Tesla T4]", iommuGroup: 1, numaNode: -1')}    - { address: "0000:3b:00.1", class: "0403", id: "10de:10f8", name: "NVIDIA Corporation TU104 HD Audio Controller", iommuGroup: 1 }\n`,
  );
  expect(counts(node)).toEqual({ t4: [1, 1] });
  expect(node.advertised[0]?.devices).toMatchObject([{ id: '0000:3b:00.0', numaNode: 0 }]);
  expect(node.alsoAdvertised).toMatchObject([
    { name: 'nvidia.com/TU104_HD_AUDIO_CONTROLLER', server: 'nvidia', count: 1 },
  ]);
});

describe('mediated devices', () => {
  const cards = (...types: string[]): string =>
    `  functions:\n${types.map((list, i) => fn(`0000:${3 + i}b:00.0`, '10de:1eb8', `driver: nvidia, iommuGroup: ${i}, mdevTypes: [${list}]`)).join('')}`;
  const Q1 = '{ id: nvidia-222, name: GRID T4-1Q, instances: 16 }';
  const Q2 = '{ id: nvidia-223, name: GRID T4-2Q, instances: 8 }';
  const device = (name: string, type: string, id: string): string =>
    `    ${name}: { mdev: { name: ${type}, typeId: ${id}, parent: "10de:1eb8" }, resourceName: a.com/${name} }\n`;
  const spec = (uses: string, more = ''): string =>
    `  devices:\n${device('q1', 'GRID T4-1Q', 'nvidia-222')}${device('q2', 'GRID T4-2Q', 'nvidia-223')}${more}  nodePools: { p: { nodes: [n], cpuVendor: intel, mediatedDevices: [${uses}] } }\n`;

  test('all instances of the one type that is wanted are made, on every card', () => {
    expect(counts(advertisedOn(spec('{ device: q1 }'), cards(`${Q1}, ${Q2}`, Q1)))).toEqual({ q1: [32, 32] });
  });

  test('with two types for one card it is left to chance', () => {
    const because = 'the type of a card is left to chance';
    expect(counts(advertisedOn(spec('{ device: q1 }, { device: q2 }'), cards(`${Q1}, ${Q2}`)))).toEqual({
      q1: [undefined, undefined, because],
      q2: [undefined, undefined, because],
    });
    expect(counts(advertisedOn(spec('{ device: q1 }, { device: q2 }'), cards(Q1, Q2)))).toEqual({
      q1: [16, 16],
      q2: [8, 8],
    });
  });

  test('a live entry for the node adds its types; one for other nodes, or with the labels of ours, does not', () => {
    const live = (selector: string): string =>
      `{ mediatedDevicesConfiguration: { nodeMediatedDeviceTypes: [{ nodeSelector: ${selector}, mediatedDeviceTypes: [GRID_T4-2Q] }] } }`;
    const on = (selector: string): unknown =>
      counts(
        advertisedOn(
          spec('{ device: q1 }').replace('cpuVendor', 'nodeSelector: { zone: a }, cpuVendor'),
          cards(`${Q1}, ${Q2}`),
          { kubevirt: live(selector) },
        ),
      );
    expect(on('{ zone: b }')).toEqual({ q1: [16, 16] });
    expect(on('{ zone: a }')).toEqual({ q1: [16, 16] });
    expect(on('{ kubernetes.io/hostname: "n" }')).toMatchObject({ q1: [undefined, undefined, expect.any(String)] });
  });

  test('nothing is made where that is turned off', () => {
    const kubevirt = '{ developerConfiguration: { featureGates: [DisableMDEVConfiguration] } }';
    expect(counts(advertisedOn(spec('{ device: q1 }'), cards(Q1), { kubevirt }))).toMatchObject({
      q1: [undefined, undefined, expect.any(String)],
    });
  });
});

test('USB devices are claimed in the order of the list', () => {
  const node = advertisedOn(
    `  devices:
    a: { usb: { selectors: [{ vendor: "46F4", product: "0001" }] }, resourceName: a.com/a }
    b: { usb: { selectors: [{ vendor: "46f4", product: "0001" }, { vendor: "0781", product: "5583" }] }, resourceName: a.com/b }
  nodePools: { p: { nodes: [n], usb: [a, b] } }
`,
    `  functions: []
  usbDevices:
    - { port: "1-1", vendor: "46f4", product: "0001" }
    - { port: "1-2", vendor: "46f4", product: "0001" }
    - { port: "1-3", vendor: "0781", product: "5583" }
`,
  );
  expect(counts(node)).toEqual({ a: [2, 2] });
});

describe('vGPUs of virtual functions', () => {
  const spec = (count: string): string => `  cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
  devices:
    share:
      vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }
      resourceName: nvidia.com/L40S-4Q
  nodePools:
    shares: { nodes: [n1], cpuVendor: intel, mediatedDevices: [{ device: share${count} }] }
`;
  const node = `  functions:
    - { address: "0000:65:00.0", id: "10de:26b9", driver: nvidia, iommuGroup: 1 }
    - { address: "0000:65:00.4", id: "10de:26b9", driver: nvidia, iommuGroup: 2, physicalFunction: "0000:65:00.0" }
`;
  const advertised = (count: string, inventories: Readonly<Record<string, string>>): unknown =>
    analysisOf(spec(count), inventories).nodeByName.get('n1')?.advertised[0];

  it('are as many as the fleet says, once their types are set', () => {
    expect(advertised(', count: 12', { n1: node })).toMatchObject({ count: 12, provided: 12 });
    expect(advertised(', count: 12', {})).toMatchObject({ count: 12, provided: 12 });
  });

  it('are an unknown number where the fleet does not say it', () => {
    expect(advertised('', { n1: node })).toMatchObject({ count: undefined, provided: undefined });
  });

  it('are none on a node without the card', () => {
    expect(advertised(', count: 12', { n1: '  functions: []\n' })).toBeUndefined();
  });
});
