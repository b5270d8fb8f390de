import { stringify } from 'yaml';
import type { Analysis } from '../../../src/analysis';
import { machinesLike, machinesStating, shapeCases, variantsLike } from '../../../src/rules/machine-statements';
import { analysisOf } from '../../support/fleet-of';

const BASE = {
  hostDevices: [{ name: 'one', device: 'qat' }],
  spec: { domain: { cpu: { cores: 4 }, devices: {}, memory: { guest: '4Gi' } } },
};

/** The analysis of a fleet with these VMs. */
function fleetWith(virtualMachines: Readonly<Record<string, object>>): Analysis {
  const spec = {
    cluster: { nodePlatform: 'openshift', kubevirt: { version: '1.6' } },
    devices: {
      qat: { pci: ['8086:6f54'], resourceName: 'intel.com/qat' },
      nvme: { pci: ['8086:5845'], resourceName: 'devices.kubevirt.io/nvme' },
    },
    nodePools: { one: { nodes: ['node01'], cpuVendor: 'intel', passthrough: [{ device: 'qat' }, { device: 'nvme' }] } },
    virtualMachines,
  };
  return analysisOf(stringify(spec).replace(/^/gm, '  '));
}

function shapesOf(analysis: Analysis): string[][] {
  return analysis.machineShapes.map(({ machines }) => machines.map(({ machine }) => machine.id));
}

it('takes VMs for alike whose values differ', () => {
  const other = { ...BASE, spec: { domain: { cpu: { cores: 8 }, devices: {}, memory: { guest: '64Gi' } } } };

  expect(shapesOf(fleetWith({ a: BASE, b: other, c: { ...BASE, metadata: { labels: { app: 'c' } } } }))).toEqual([
    ['a', 'b', 'c'],
  ]);
});

it.each<[string, object]>([
  ['asks for another device', { hostDevices: [{ name: 'one', device: 'nvme' }] }],
  ['gives its entry another name', { hostDevices: [{ name: 'two', device: 'qat' }] }],
  ['tags its entry', { hostDevices: [{ name: 'one', device: 'qat', tag: 'x' }] }],
  ['names an address', { hostDevices: [{ name: 'one', device: 'qat', address: '0000:05:00.0' }] }],
  ['asks twice', { hostDevices: [BASE.hostDevices[0], { name: 'two', device: 'qat' }] }],
  ['asks through its spec', { hostDevices: [], spec: typed('intel.com/qat') }],
  ['asks for a device that nobody declares', { hostDevices: [], spec: typed('example.com/other') }],
  ['is bound to a node', { node: 'node01' }],
  ['selects nodes', { spec: { ...BASE.spec, nodeSelector: { zone: 'a' } } }],
  ['says one setting more', { spec: { domain: { ...BASE.spec.domain, launchSecurity: { snp: {} } } } }],
  ['says one setting less', { spec: { domain: { cpu: { cores: 4 }, devices: {} } } }],
  ['is of another kind', { kind: 'VirtualMachineInstance' }],
  ['says when it runs', { runStrategy: 'Always', instancetype: { name: 'u1.medium' } }],
  ['annotates its instance', { templateMetadata: { annotations: { 'hooks.kubevirt.io/hookSidecars': '[]' } } }],
])('tells a VM from others that %s', (_, change) => {
  expect(shapesOf(fleetWith({ a: BASE, b: { ...BASE, ...change }, c: BASE }))).toEqual([['a', 'c'], ['b']]);
});

function typed(deviceName: string): object {
  const { domain } = BASE.spec;
  return { domain: { ...domain, devices: { hostDevices: [{ name: 'one', deviceName }] } } };
}

it('gives the VMs of the shapes that are asked for in the order of the model', () => {
  const secure = { ...BASE, spec: { domain: { ...BASE.spec.domain, launchSecurity: { snp: {} } } } };
  const other = { ...secure, hostDevices: [] };
  const analysis = fleetWith({ a: secure, b: BASE, c: other, d: secure });
  const names = ({ machines }: Pick<Analysis, 'machines'>): string[] => machines.map(({ machine }) => machine.id);

  expect(names(machinesStating(analysis, 'domain', 'launchSecurity'))).toEqual(['a', 'c', 'd']);
  expect(names(machinesStating(analysis, 'domain', 'launchSecurity', 'tdx'))).toEqual([]);
  expect(names(machinesLike(analysis, () => true))).toEqual(['a', 'b', 'c', 'd']);
});

it('gives the VMs of the variants that are asked for in the order of the model, and asks one of each', () => {
  const withCores = (cores: number, more: object = {}): object => ({
    ...BASE,
    spec: { ...more, domain: { ...BASE.spec.domain, cpu: { cores } } },
  });
  const volumes = (name: string): object => ({ volumes: [{ name, containerDisk: { image: 'example.com/disk' } }] });
  const asked: string[] = [];
  const analysis = fleetWith({
    a: withCores(8, volumes('one')),
    b: withCores(4, volumes('one')),
    c: withCores(8, volumes('two')),
    d: withCores(8),
  });
  const many = variantsLike(analysis, ({ machine, spec }) => {
    asked.push(machine.id);
    return JSON.stringify(spec).includes('"cores":8');
  });

  expect(many.machines.map(({ machine }) => machine.id)).toEqual(['a', 'c', 'd']);
  expect(asked).toEqual(['a', 'b', 'd']);
});

it('asks one VM of each shape whether there are cases, and all of a shape that has some', () => {
  const asked: string[] = [];
  const analysis = fleetWith({ a: BASE, b: BASE, c: { ...BASE, hostDevices: [] }, d: { ...BASE, hostDevices: [] } });
  const cases = shapeCases(analysis, ({ machine, requests }) => {
    asked.push(machine.id);
    return requests.map(() => machine.id);
  });

  expect(cases).toEqual(['a', 'b']);
  expect(asked).toEqual(['a', 'c', 'a', 'b']);
});
