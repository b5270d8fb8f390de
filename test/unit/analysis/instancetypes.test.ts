/* What VMs get from instancetypes that objects show. */
import { analyse } from '../../../src/analysis';
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

function load(machine: string, objects: string, where: 'current' | 'manifests' = 'current'): Fleet {
  const spec = where === 'current' ? ', current: cluster/ }' : ' }\n  manifests: ["cluster/*.yaml"]';
  const text = `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: f }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }${spec}
  devices: { t4: { pci: ["10de:1eb8"], resourceName: a.com/t4 }, qat: { pci: ["8086:6f54"], resourceName: a.com/qat } }
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
