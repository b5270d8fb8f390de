import { at, compiled, type Compiled } from './compiled';

const fleetOf = (machine: string): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  devices:
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
  nodePools:
    plain: { nodes: [n10, n2], cpuVendor: intel, passthrough: [{ device: qat, addresses: ["0000:3c:00.0"] }] }
    labelled:
      nodes: [n3]
      cpuVendor: intel
      nodeSelector: { gpu: "yes" }
      taints: [{ key: gpu, value: "1", effect: NoSchedule }, { key: noisy, effect: PreferNoSchedule }]
  virtualMachines:
    vm01: ${machine}
`;

const specOf = ({ manifest }: Compiled): unknown => at(manifest('vm/default/vm01'), 'spec', 'template', 'spec');
const specFor = (machine: string): unknown => specOf(compiled(fleetOf(machine)));
const TERM = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n2', 'n10'] }] };
const inTerms = (...nodeSelectorTerms: readonly object[]): unknown => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
});

it('adds nothing to a VM that names neither a device nor a place', () => {
  expect(specFor('{ spec: { domain: { devices: {} }, nodeSelector: { a: b } } }')).toEqual({
    domain: { devices: {} },
    nodeSelector: { a: 'b' },
  });
});

it('adds devices after those in the spec, in order, with their options', () => {
  expect(
    specFor(`
      gpus: [{ name: g2, device: t4, virtualGPUOptions: { display: { enabled: false } } }, { name: g1, device: t4 }]
      hostDevices: [{ name: q1, device: qat, tag: crypto }]
      spec: { domain: { devices: { gpus: [{ name: g0, deviceName: other.com/x }], rng: {} } } }`),
  ).toEqual({
    domain: {
      devices: {
        rng: {},
        gpus: [
          { name: 'g0', deviceName: 'other.com/x' },
          { name: 'g2', deviceName: 'nvidia.com/t4', virtualGPUOptions: { display: { enabled: false } } },
          { name: 'g1', deviceName: 'nvidia.com/t4' },
        ],
        hostDevices: [{ name: 'q1', deviceName: 'intel.com/qat', tag: 'crypto' }],
      },
    },
  });
});

it('does not add an entry that stands in the spec already', () => {
  const entry = '{ name: q1, deviceName: intel.com/qat }';
  expect(
    specFor(`{ hostDevices: [{ name: q1, device: qat }], spec: { domain: { devices: { hostDevices: [${entry}] } } } }`),
  ).toEqual({ domain: { devices: { hostDevices: [{ name: 'q1', deviceName: 'intel.com/qat' }] } } });
});

it('pins a VM to a node by its label, whatever else it selects', () => {
  expect(specFor('{ node: n2, spec: { domain: { devices: {} }, nodeSelector: { a: b } } }')).toEqual({
    domain: { devices: {} },
    nodeSelector: { 'kubernetes.io/hostname': 'n2', a: 'b' },
  });
});

it('keeps a VM in a pool by the labels of the pool, with its taints tolerated', () => {
  expect(specFor('{ pool: labelled, spec: { domain: { devices: {} } } }')).toEqual({
    domain: { devices: {} },
    nodeSelector: { gpu: 'yes' },
    tolerations: [
      { key: 'gpu', operator: 'Equal', value: '1', effect: 'NoSchedule' },
      { key: 'noisy', operator: 'Exists', effect: 'PreferNoSchedule' },
    ],
  });
});

it('tolerates the taints of a node that it is pinned to, unless it does already', () => {
  expect(
    specFor('{ node: n3, spec: { domain: { devices: {} }, tolerations: [{ key: gpu, operator: Exists }] } }'),
  ).toMatchObject({
    tolerations: [
      { key: 'gpu', operator: 'Exists' },
      { key: 'noisy', operator: 'Exists', effect: 'PreferNoSchedule' },
    ],
  });
  const all = { tolerations: [{ operator: 'Exists' }] };
  expect(specFor('{ node: n3, spec: { domain: { devices: {} }, tolerations: [{ operator: Exists }] } }')).toMatchObject(
    all,
  );
});

it('keeps a VM in a pool without labels by host names', () => {
  expect(specFor('{ pool: plain, spec: { domain: { devices: {} } } }')).toEqual({
    domain: { devices: {} },
    affinity: inTerms(TERM),
  });
});

it('narrows every term of an affinity that is there, and no term that matches nothing', () => {
  const terms =
    '[{ matchExpressions: [{ key: a, operator: Exists }] }, { matchFields: [{ key: metadata.name, operator: In, values: [n2] }] }, {}]';
  expect(
    specFor(`
      pool: plain
      spec:
        domain: { devices: {} }
        affinity:
          podAffinity: {}
          nodeAffinity:
            preferredDuringSchedulingIgnoredDuringExecution: []
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: ${terms} }`),
  ).toEqual({
    domain: { devices: {} },
    affinity: {
      podAffinity: {},
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [],
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'a', operator: 'Exists' }, ...TERM.matchExpressions] },
            { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }], ...TERM },
            {},
          ],
        },
      },
    },
  });
});

it('writes the fields of a VirtualMachine beside its template', () => {
  const { manifest } = compiled(
    fleetOf('{ runStrategy: Halted, instancetype: { name: u1.large }, spec: { domain: { devices: {} } } }'),
  );
  expect(at(manifest('vm/default/vm01'), 'spec')).toMatchObject({
    runStrategy: 'Halted',
    instancetype: { name: 'u1.large' },
    template: { spec: { domain: { devices: {} } } },
  });
});

it('knows the input behind every spot', () => {
  const { manifest } = compiled(
    fleetOf(`
      pool: labelled
      metadata: { labels: { a: b } }
      runStrategy: Always
      gpus: [{ name: g1, device: t4 }]
      spec:
        domain: { devices: { gpus: [{ name: g0, deviceName: a.com/b }], disks: [] }, memory: { guest: 1Gi } }
        nodeSelector: { zone: a }`),
  );
  const vm = manifest('vm/default/vm01');
  const below = '/spec/virtualMachines/vm01';
  expect(
    Object.fromEntries(
      [
        '/metadata/labels/a',
        '/metadata/name',
        '/spec/runStrategy',
        '/spec/template/spec/domain/memory/guest',
        '/spec/template/spec/domain/devices/gpus/0/name',
        '/spec/template/spec/domain/devices/gpus/1/name',
        '/spec/template/spec/domain/devices/gpus/1/deviceName',
        '/spec/template/spec/nodeSelector/zone',
        '/spec/template/spec/nodeSelector/gpu',
        '/spec/template/spec/tolerations/0/key',
      ].map((pointer) => {
        const place = vm.trace(pointer);
        return [pointer, place.kind === 'document' ? place.pointer.replace(below, '') : place.kind];
      }),
    ),
  ).toEqual({
    '/metadata/labels/a': '/metadata/labels/a',
    '/metadata/name': '',
    '/spec/runStrategy': '/runStrategy',
    '/spec/template/spec/domain/memory/guest': '/spec/domain/memory/guest',
    '/spec/template/spec/domain/devices/gpus/0/name': '/spec/domain/devices/gpus/0/name',
    '/spec/template/spec/domain/devices/gpus/1/name': '/gpus/0/name',
    '/spec/template/spec/domain/devices/gpus/1/deviceName': '/gpus/0/device',
    '/spec/template/spec/nodeSelector/zone': '/spec/nodeSelector/zone',
    '/spec/template/spec/nodeSelector/gpu': '/pool',
    '/spec/template/spec/tolerations/0/key': '/pool',
  });
});

describe('a VM that asks for the device at an address', () => {
  const inventory = (node: string, ...addresses: readonly string[]): string => `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: ${node} }
spec:
  productUuid: 4c4c4544-0042-4a10-8057-b3c04f4d373${node.slice(-1)}
  cpuVendor: intel
  functions:
${addresses.map((address, i) => `    - { address: "${address}", class: "0302", id: "10de:1eb8", driver: nvidia, iommuGroup: ${20 + i}, hostUse: [] }`).join('\n')}
`;
  const pinned = (machine: string, pools: string): Compiled =>
    compiled(
      `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  inventory: inventory/
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  devices: { t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 } }
  nodePools:
${pools}
  virtualMachines:
    vm01: { ${machine}gpus: [{ name: g, device: t4, address: "0000:65:00.0" }], spec: { domain: { devices: {} } } }
`,
      {
        'inventory/n1.yaml': inventory('n1', '0000:65:00.0', '0000:66:00.0'),
        'inventory/n2.yaml': inventory('n2', '0000:65:00.0'),
        'inventory/n3.yaml': inventory('n3', '0000:65:00.0', '0000:66:00.0'),
      },
    );
  const ALL = `    a: { nodes: [n1, n2, n3], cpuVendor: intel, passthrough: [{ device: t4, addresses: { n1: ["0000:65:00.0", "0000:66:00.0"], n2: ["0000:65:00.0"], n3: ["0000:65:00.0"] } }] }`;
  const hosts = (...values: readonly string[]): object => ({
    matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }],
  });

  it('is confined to the nodes where that device is the only one', () => {
    const result = pinned('', ALL);
    expect(specOf(result)).toMatchObject({ affinity: inTerms(hosts('n2', 'n3')) });
    expect(result.analysis.machines[0]?.pinned?.map(({ name }) => name)).toEqual(['n2', 'n3']);
    expect(result.text('virtual-machines/default/virtualmachine.vm01.yaml')).toContain(
      '# here 0000:65:00.0 is the only device of nvidia.com/t4\n',
    );
    expect(result.manifest('vm/default/vm01').trace('/spec/template/spec/affinity')).toMatchObject({
      pointer: '/spec/virtualMachines/vm01/gpus/0/address',
    });
  });

  it('keeps the labels of its pool besides, and tolerates what the nodes are tainted with', () => {
    const pool = ALL.replace(
      'nodes:',
      'nodeSelector: { gpu: "yes" }, taints: [{ key: g, effect: NoSchedule }], nodes:',
    );
    expect(specOf(pinned('pool: a, ', pool))).toMatchObject({
      nodeSelector: { gpu: 'yes' },
      affinity: inTerms(hosts('n2', 'n3')),
      tolerations: [{ key: 'g', operator: 'Exists', effect: 'NoSchedule' }],
    });
  });

  it('stays where its node is, when that one guarantees it', () => {
    expect(specOf(pinned('node: n3, ', ALL))).toEqual({
      domain: { devices: { gpus: [{ name: 'g', deviceName: 'nvidia.com/t4' }] } },
      nodeSelector: { 'kubernetes.io/hostname': 'n3' },
    });
  });

  it('is not confined where no node guarantees it, or where nobody knows', () => {
    const two = `    a: { nodes: [n1], cpuVendor: intel, passthrough: [{ device: t4 }] }`;
    const blind = `    a: { nodes: [n9], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }`;
    for (const pools of [two, blind]) {
      const { analysis } = pinned('', pools);
      expect(analysis.machines[0]?.pinned).toBeUndefined();
      expect(analysis.machines[0]?.fits).toHaveLength(1);
    }
  });
});
