import type { Analysis, Effects, PreparationUnit } from '../../../src/analysis';
import { analysisOf } from '../../support/fleet-of';

const CLUSTER = `  cluster:
    nodePlatform: openshift
    kubevirt: { version: "1.6" }
`;
const T4 = `    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/T4 }
`;
const NVME = `    nvme: { pci: ["8086:5845"], resourceName: intel.com/nvme }
`;
const functions = (...lines: string[]): string =>
  `  productUuid: 4c4c4544-0044-4a10-8050-b4c04f4e3132\n  cpuVendor: intel\n  functions:\n${lines.map((line) => `    - { ${line} }\n`).join('')}`;
const gpu = (address: string, group: number, more = ''): string =>
  `address: "${address}", class: "0302", id: "10de:1eb8", iommuGroup: ${group}${more}`;
const drive = (address: string, group: number): string =>
  `address: "${address}", class: "0108", id: "8086:5845", iommuGroup: ${group}`;

function unit(analysis: Analysis, name: string): PreparationUnit {
  const found = analysis.units.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no unit ${name}`);
  return found;
}

/** What is written: the prediction of each function's fate follows the nodes. */
function written({ bindings: _, ...effects }: Effects): Omit<Effects, 'bindings'> {
  return effects;
}

describe('strategy', () => {
  const pool = (body: string, nodes = 'nodes: [node01]'): string => `${CLUSTER}  devices:
${T4}${NVME}  nodePools:
    gpu:
      ${nodes}
      cpuVendor: intel
      passthrough: [${body}]
`;

  test('a GPU whose every function is declared is bound by id', () => {
    const analysis = analysisOf(pool('{ device: t4 }'), {
      node01: functions(gpu('0000:3b:00.0', 1), gpu('0000:af:00.0', 2)),
    });
    expect(unit(analysis, 'gpu').strategies.map(({ strategy }) => strategy)).toEqual(['id']);
    expect(unit(analysis, 'gpu').effects).toMatchObject({ ids: ['10de:1eb8'], rows: [], modules: ['vfio-pci'] });
  });

  test.each([
    [
      'another function has the id',
      '{ device: t4, addresses: ["0000:3b:00.0"] }',
      [gpu('0000:3b:00.0', 1), gpu('0000:af:00.0', 2)],
      'also matches node01 0000:af:00.0',
    ],
    [
      'it has a companion',
      '{ device: t4 }',
      [gpu('0000:3b:00.0', 1), 'address: "0000:3b:00.1", class: "0403", id: "10de:10f8"'],
      'companion 0000:3b:00.1',
    ],
    ['it is a drive', '{ device: nvme }', [drive('0000:5e:00.0', 1)], 'class 0108'],
    ['the id is a physical function', '{ device: t4 }', [gpu('0000:3b:00.0', 1, ', totalVfs: 16')], 'SR-IOV'],
    [
      'the class is not known',
      '{ device: t4 }',
      ['address: "0000:3b:00.0", id: "10de:1eb8"'],
      'class of 0000:3b:00.0 is not known',
    ],
  ])('goes by address when %s', (_case, body, lines, reason) => {
    const analysis = analysisOf(pool(body), { node01: functions(...lines) });
    const [choice] = unit(analysis, 'gpu').strategies;
    expect(choice?.strategy).toBe('address');
    expect(choice?.againstId.join('; ')).toContain(reason);
    expect(unit(analysis, 'gpu').effects.ids).toEqual([]);
  });

  test('goes by address when a node has no inventory', () => {
    const analysis = analysisOf(pool('{ device: t4 }', 'nodes: [node01, node02]'), {
      node01: functions(gpu('0000:3b:00.0', 1)),
    });
    expect(unit(analysis, 'gpu').strategies[0]?.againstId).toContain('there is no inventory of node02');
  });

  test('goes by address in worker, whose other nodes nobody declared', () => {
    const analysis = analysisOf(pool('{ device: t4 }', 'nodes: [node01]\n      machineConfigPool: worker'), {
      node01: functions(gpu('0000:3b:00.0', 1)),
    });
    expect(unit(analysis, 'worker').strategies[0]).toMatchObject({ strategy: 'address' });
    expect(unit(analysis, 'worker').effects.rows[0]?.scope).toMatchObject({ kind: 'uuid', node: 'node01' });
  });
});

describe('rows of the binding table', () => {
  const spec = (nodes: string, addresses: string): string => `${CLUSTER}  devices:
${NVME}  nodePools:
    storage:
      nodes: [${nodes}]
      cpuVendor: intel
      passthrough: [{ device: nvme, addresses: ${addresses} }]
`;

  test('a list of addresses is one row for every node, whichever nodes there are', () => {
    const one = analysisOf(spec('node03', '["0000:5e:00.0"]'), { node03: functions(drive('0000:5e:00.0', 1)) });
    const two = analysisOf(spec('node03, node04', '["0000:5e:00.0"]'), {
      node03: functions(`${drive('0000:5e:00.0', 1)}, subsystem: "8086:4702"`),
    });
    expect(written(unit(one, 'storage').effects)).toEqual(written(unit(two, 'storage').effects));
    expect(unit(one, 'storage').effects.rows).toMatchObject([
      { scope: { kind: 'any' }, ids: ['8086:5845'], companionClasses: ['0403', '0c03', '0c80'] },
    ]);
  });

  test('addresses by node are rows with the identity that the inventory locks', () => {
    const analysis = analysisOf(spec('node03, node04', '{ node03: ["0000:5e:00.0"], node04: ["0000:5f:00.0"] }'), {
      node03: functions(`${drive('0000:5e:00.0', 1)}, subsystem: "8086:4702"`),
    });
    expect(unit(analysis, 'storage').effects.rows).toMatchObject([
      { scope: { kind: 'uuid', node: 'node03' }, address: '0000:5e:00.0', subsystem: '8086:4702', class: '0108' },
      { scope: { kind: 'host', hostName: 'node04' }, address: '0000:5f:00.0', ids: ['8086:5845'] },
    ]);
  });
});

describe('prediction', () => {
  const spec = (device: string): string => `${CLUSTER}  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/T4${device} }
  nodePools:
    gpu:
      nodes: [node01]
      cpuVendor: intel
      passthrough: [{ device: t4 }]
  virtualMachines:
    two:
      gpus: [{ name: a, device: t4 }, { name: b, device: t4 }]
      spec: { domain: { devices: {}, memory: { guest: 1Gi } } }
`;
  const shared = { node01: functions(gpu('0000:3b:00.0', 7), gpu('0000:3c:00.0', 7)) };

  test('KubeVirt counts one per IOMMU group', () => {
    const analysis = analysisOf(spec(''), shared);
    expect(analysis.nodes[0]?.advertised).toMatchObject([{ count: 1 }]);
    expect(analysis.machines[0]?.fits).toEqual([]);
  });

  test('NVIDIA’s plugin counts every function', () => {
    const analysis = analysisOf(spec(', externalResourceProvider: true, devicePlugin: nvidia'), shared);
    expect(analysis.nodes[0]?.advertised).toMatchObject([{ count: 2 }]);
    expect(analysis.machines[0]?.fits.map(({ name }) => name)).toEqual(['node01']);
    expect(analysis.nvidiaPluginNodes.map(({ name }) => name)).toEqual(['node01']);
  });

  test('a count that is not known may be enough', () => {
    const analysis = analysisOf(spec(''), {
      node01: functions(
        'address: "0000:3b:00.0", class: "0302", id: "10de:1eb8"',
        'address: "0000:3c:00.0", class: "0302", id: "10de:1eb8"',
      ),
    });
    expect(analysis.nodes[0]?.advertised[0]).toMatchObject({
      count: undefined,
      unknownBecause: 'the inventory does not show every IOMMU group',
    });
    expect(analysis.machines[0]?.fits).toHaveLength(1);
  });
});

test('a name that NVIDIA’s plugin gives is derived from the inventory', () => {
  const analysis = analysisOf(
    `${CLUSTER}  devices:
    t4: { pci: ["10de:1eb8"], devicePlugin: nvidia }
`,
    { node01: functions(gpu('0000:3b:00.0', 1, ', name: "NVIDIA Corporation TU104GL [Tesla T4]"')) },
  );
  expect(analysis.resources[0]).toMatchObject({ name: 'nvidia.com/TU104GL_TESLA_T4', derived: true, server: 'nvidia' });
});

test('kernel arguments keep their order when a pool gets a second vendor', () => {
  const spec = (vendors: readonly string[]): string =>
    `${CLUSTER}  devices:
${T4}  nodePools:
${vendors.map((vendor, i) => `    p${i}: { nodes: [n${i}], cpuVendor: ${vendor}, machineConfigPool: gpu, iommu: { pt: true }, passthrough: [{ device: t4, addresses: ["0000:3b:00.0"] }] }\n`).join('')}`;
  const argumentsOf = (vendors: readonly string[]): string[] =>
    unit(analysisOf(spec(vendors)), 'gpu').effects.kernelArguments.map(({ argument }) => argument);
  expect(argumentsOf(['intel'])).toEqual(['intel_iommu=on', 'iommu=pt']);
  expect(argumentsOf(['amd'])).toEqual(['amd_iommu=on', 'iommu=pt']);
  expect(argumentsOf(['amd', 'intel'])).toEqual(['intel_iommu=on', 'amd_iommu=on', 'iommu=pt']);
  expect(argumentsOf(['arm'])).toEqual(['iommu.passthrough=1']);
});

describe('what other pools inherit', () => {
  const live = (...pools: string[]): Record<string, string> => ({
    'cluster/pools.yaml': pools
      .map(
        (name) =>
          `apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\nmetadata: { name: ${name} }\nstatus: { machineCount: 1 }\n`,
      )
      .join('---\n'),
  });
  const spec = (more: string): string => `  cluster:
    nodePlatform: openshift
    kubevirt: { version: "1.6" }
    current: cluster/
  devices:
${T4}${NVME}  nodePools:
    general:
      nodes: [node01]
      machineConfigPool: worker
      cpuVendor: intel
      passthrough: [{ device: t4 }, { device: nvme, addresses: ["0000:5e:00.0"] }]
${more}`;
  const node01 = { node01: functions(gpu('0000:3b:00.0', 1), drive('0000:5e:00.0', 2)) };

  test('worker alone binds by id and by one row for all', () => {
    const { strategies, effects } = unit(analysisOf(spec(''), node01, live('worker', 'master')), 'worker');
    expect(strategies.map(({ strategy }) => strategy)).toEqual(['id', 'address']);
    expect(effects.rows.map(({ scope }) => scope.kind)).toEqual(['any']);
  });

  test.each([
    ['a custom pool of the fleet', '    storage: { nodes: [node02], cpuVendor: intel }\n', live('worker', 'master')],
    ['a live custom pool', '', live('worker', 'infra')],
  ])('%s would get the ids and the rows of worker: only this node’s rows are written', (_case, more, files) => {
    const { strategies, effects } = unit(analysisOf(spec(more), node01, files), 'worker');
    expect(strategies.map(({ strategy }) => strategy)).toEqual(['address', 'address']);
    expect(effects.ids).toEqual([]);
    expect(effects.rows.map(({ scope }) => scope)).toEqual([
      { kind: 'uuid', uuid: '4c4c4544-0044-4a10-8050-b4c04f4e3132', node: 'node01' },
      { kind: 'uuid', uuid: '4c4c4544-0044-4a10-8050-b4c04f4e3132', node: 'node01' },
    ]);
  });

  test('members are told apart by name, not by number', () => {
    const nodes = ['node01', 'node09']
      .map(
        (name) =>
          `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}, labels: { node-role.kubernetes.io/worker: "" } }\n`,
      )
      .join('---\n');
    const { liveNodeCount, strategies } = unit(
      analysisOf(spec(''), node01, { ...live('worker'), 'cluster/nodes.yaml': nodes }),
      'worker',
    );
    expect(liveNodeCount).toBe(2);
    expect(strategies[0]?.strategy).toBe('address');
  });
});

test('a list of addresses binds by address, so that one more node changes nothing', () => {
  const spec = (nodes: string): string => `${CLUSTER}  devices:
${T4}  nodePools:
    gpu: { nodes: [${nodes}], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:3b:00.0"] }] }
`;
  const one = unit(analysisOf(spec('node01'), { node01: functions(gpu('0000:3b:00.0', 1)) }), 'gpu');
  const two = unit(analysisOf(spec('node01, node02'), { node01: functions(gpu('0000:3b:00.0', 1)) }), 'gpu');
  expect(one.strategies[0]?.strategy).toBe('address');
  expect(written(two.effects)).toEqual(written(one.effects));
});

test('a function has one row, also where a row for every node names it already', () => {
  const analysis = analysisOf(
    `${CLUSTER}  devices:
${T4}    sound: { pci: ["10de:10f8"], resourceName: nvidia.com/sound }
  nodePools:
    gpu:
      nodes: [node01]
      cpuVendor: intel
      passthrough: [{ device: t4 }, { device: sound, addresses: ["0000:3b:00.1"] }]
`,
    {
      node01: functions(
        gpu('0000:3b:00.0', 1),
        'address: "0000:3b:00.1", class: "0403", id: "10de:10f8", iommuGroup: 1',
      ),
    },
  );
  const addresses = unit(analysis, 'gpu').effects.rows.map(({ address }) => address);
  expect(addresses.sort()).toEqual(['0000:3b:00.0', '0000:3b:00.1']);
});
