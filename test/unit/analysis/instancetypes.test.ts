/* What VMs get from instancetypes that objects show. */
import { analyse, type AnalysedMachine } from '../../../src/analysis';
import { loadFleet } from '../../../src/load';
import { makeManifests } from '../../../src/manifests';
import type { Fleet } from '../../../src/model';
import { memoryFiles } from '../load/support';

const INSTANCETYPE = (kind: string, more = ''): string => `
apiVersion: instancetype.kubevirt.io/v1beta1
kind: ${kind}
metadata: { name: large${kind.includes('Cluster') ? '' : ', namespace: apps'} }
spec: { cpu: { guest: 4${more} }, memory: { guest: 8Gi }, gpus: [{ name: g, deviceName: a.com/t4 }] }
`;

function load(machine: string, objects: string, where: 'current' | 'manifests' = 'current', release = '1.6'): Fleet {
  const spec = where === 'current' ? ', current: cluster/ }' : ' }\n  manifests: ["cluster/*.yaml"]';
  const text = `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: f }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "${release}" }${spec}
  devices: { t4: { pci: ["10de:1eb8"], resourceName: a.com/t4 }, qat: { pci: ["8086:6f54"], resourceName: a.com/qat } }
  nodePools:
    a: { nodes: [n1], cpuVendor: intel, nodeSelector: { gpu: "yes" }, hugepages: [{ size: 1Gi, count: 16 }] }
    b: { nodes: [n2], cpuVendor: intel, nodeSelector: { gpu: "no" } }
  virtualMachines:
    vm01: { namespace: apps, ${machine}, spec: { domain: { devices: {} } } }
`;
  const { fleet, problems } = loadFleet(
    memoryFiles({ 'fleet.yaml': text, 'cluster/types.yaml': objects }),
    'fleet.yaml',
  );
  if (fleet === undefined || problems.length > 0) throw new Error(problems[0]?.message ?? '');
  return fleet;
}

it.each(['current', 'manifests'] as const)(
  'counts the devices of an instancetype in `%s`, and does not write them',
  (where) => {
    const fleet = load('instancetype: { name: large }', INSTANCETYPE('VirtualMachineClusterInstancetype'), where);
    const analysis = analyse(fleet);
    const [machine] = analysis.machines;
    expect(machine?.requests).toMatchObject([
      { list: 'gpus', deviceName: 'a.com/t4', resource: { device: { name: 't4' } }, request: { name: 'g' } },
    ]);
    expect(machine?.requests[0]?.request.place).toMatchObject({ file: 'cluster/types.yaml', pointer: '/spec/gpus/0' });
    const object = makeManifests(analysis).manifests.find(({ key }) => key === 'vm/apps/vm01');
    expect(JSON.stringify(object?.content)).not.toContain('a.com/t4');
  },
);

it('finds one of the VM’s own namespace by its kind only', () => {
  const objects = INSTANCETYPE('VirtualMachineInstancetype');
  const asked = (reference: string): number =>
    analyse(load(`instancetype: { ${reference} }`, objects)).machines[0]?.requests.length ?? 0;
  expect(asked('name: large, kind: VirtualMachineInstancetype')).toBe(1);
  expect(asked('name: large, kind: virtualmachineinstancetypes')).toBe(1);
  expect(asked('name: large')).toBe(0);
  expect(asked('name: larger, kind: VirtualMachineInstancetype')).toBe(0);
});

it('leaves a list to the VM that has one', () => {
  const fleet = load(
    'instancetype: { name: large }, gpus: [{ name: own, device: qat }]',
    INSTANCETYPE('VirtualMachineClusterInstancetype'),
  );
  expect(analyse(fleet).machines[0]?.requests.map(({ deviceName }) => deviceName)).toEqual(['a.com/qat']);
});

it.each([
  ['', { dedicatedCpuPlacement: true }],
  [', dedicatedCPUPlacement: true', undefined],
])('dedicates CPUs for `numa` where an instancetype says `%s` of it', (more, cpu) => {
  const fleet = load(
    'instancetype: { name: large }, numa: { kubelet: restricted }',
    INSTANCETYPE('VirtualMachineClusterInstancetype', more),
  );
  expect(fleet.virtualMachines[0]?.spec).toEqual({ domain: { devices: {}, ...(cpu === undefined ? {} : { cpu }) } });
});

describe('the instance that KubeVirt makes', () => {
  const typeOf = (spec: string): string => `
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata: { name: large }
spec: ${spec}
---
apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterPreference
metadata: { name: wide }
spec: { cpu: { preferredCPUTopology: spread, spreadOptions: { across: SocketsCoresThreads, ratio: 3 } } }
`;
  const instance = (machine: string, spec: string, release = '1.6'): AnalysedMachine => {
    const fleet = load(`instancetype: { name: large }${machine}`, typeOf(spec), 'current', release);
    const [one] = analyse(fleet).machines;
    if (one === undefined) throw new Error('no VM');
    return one;
  };

  it('has what the instancetype says', () => {
    const { spec, inherited } = instance(
      ', templateMetadata: { annotations: { b: own } }',
      `
  nodeSelector: { gpu: "yes" }
  schedulerName: volcano
  cpu: { guest: 4, model: host-passthrough, dedicatedCPUPlacement: true, isolateEmulatorThread: true, numa: { guestMappingPassthrough: {} } }
  memory: { guest: 8Gi, hugepages: { pageSize: 1Gi } }
  ioThreadsPolicy: auto
  launchSecurity: { sev: {} }
  annotations: { a: "1", b: "2" }`,
    );
    expect(spec).toEqual({
      nodeSelector: { gpu: 'yes' },
      schedulerName: 'volcano',
      domain: {
        devices: {},
        cpu: {
          model: 'host-passthrough',
          dedicatedCpuPlacement: true,
          isolateEmulatorThread: true,
          numa: { guestMappingPassthrough: {} },
          sockets: 4,
          cores: 1,
          threads: 1,
        },
        memory: { guest: '8Gi', hugepages: { pageSize: '1Gi' } },
        ioThreadsPolicy: 'auto',
        launchSecurity: { sev: {} },
      },
    });
    expect(inherited?.annotations).toEqual({ a: '1', b: 'own' });
    expect(inherited?.origins.get('domain/cpu/dedicatedCpuPlacement')).toEqual(['cpu', 'dedicatedCPUPlacement']);
  });

  it.each([
    ['', { sockets: 12, cores: 1, threads: 1 }],
    [', preference: { name: wide }', { sockets: 2, cores: 3, threads: 2 }],
    // how many there are is known, how they are laid out is not
    [', preference: { name: unseen }', { sockets: 12 }],
  ])('has the CPUs of the instancetype with `%s`', (machine, cpu) => {
    const { spec } = instance(machine, '{ cpu: { guest: 12 }, memory: { guest: 8Gi } }');
    expect(spec['domain']).toMatchObject({ cpu });
    expect(Object.keys((spec['domain'] as { cpu: object }).cpu)).toEqual(Object.keys(cpu));
  });

  it('requests less memory where the instancetype overcommits it', () => {
    const { spec } = instance('', '{ cpu: { guest: 1 }, memory: { guest: 8Gi, overcommitPercent: 25 } }');
    expect(spec['domain']).toMatchObject({ resources: { requests: { memory: 6 * 2 ** 30 } } });
  });

  it.each([
    ['1.6', undefined],
    ['1.7', { supplementalPoolThreadCount: 2 }],
  ])('has the threads of the instancetype from 1.7 on, not in %s', (release, ioThreads) => {
    const spec = '{ cpu: { guest: 1 }, memory: { guest: 8Gi }, ioThreads: { supplementalPoolThreadCount: 2 } }';
    expect(instance('', spec, release).spec['domain']).toMatchObject({ ...(ioThreads && { ioThreads }) });
    expect(JSON.stringify(instance('', spec, release).spec).includes('ioThreads')).toBe(ioThreads !== undefined);
  });

  it('runs where the instancetype says', () => {
    const { candidates } = instance('', '{ cpu: { guest: 1 }, memory: { guest: 8Gi }, nodeSelector: { gpu: "yes" } }');
    expect(candidates.map(({ name }) => name)).toEqual(['n1']);
  });

  it('keeps the tag of a device', () => {
    const { requests } = instance(
      '',
      '{ cpu: { guest: 1 }, memory: { guest: 8Gi }, hostDevices: [{ name: q, deviceName: a.com/qat, tag: fast }] }',
    );
    expect(requests[0]?.request.options).toEqual({ tag: 'fast' });
  });

  it.each([
    ['1.6', { devices: {}, cpu: { dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } } }],
    [
      '1.7',
      {
        devices: {},
        cpu: { dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } },
        memory: { hugepages: { pageSize: '1Gi' } },
      },
    ],
  ])('writes pages beside an instancetype where %s takes them', (release, domain) => {
    const one = instance(
      ', numa: { guestMapping: true }, pool: a',
      '{ cpu: { guest: 1 }, memory: { guest: 8Gi } }',
      release,
    );
    expect(one.machine.spec['domain']).toEqual(domain);
  });
});
