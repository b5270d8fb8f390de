import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { Fleet, FleetApp, InvalidFleetError, NodePool, PciDevice, VirtualMachine } from '../../../src';
import { findingsOf, manifestsOf } from '../../../src/testing';
import { readTree } from '../../support/hostdev';
import { smallFleet, temporaryFolder } from '../../support/lab';
import { compiled } from '../manifests/compiled';

const CLUSTER = { nodePlatform: 'openshift', kubevirt: { version: '1.6' } } as const;
const SPEC = { domain: { devices: {}, memory: { guest: '1Gi' } } };

test('several fleets of one app have a folder each and one index', () => {
  const app = new FleetApp({ outdir: temporaryFolder() });
  for (const name of ['east', 'west']) {
    const fleet = new Fleet(app, name, CLUSTER);
    new PciDevice(fleet, 'qat', { selectors: ['8086:6f54'], resourceName: 'intel.com/qat' });
  }
  app.synth();
  expect(Object.keys(readTree(app.outdir)).filter((path) => !path.endsWith('kustomization.yaml'))).toEqual([
    'east/baseline/cluster.json',
    'east/kubevirt/kubevirt.kubevirt.yaml',
    'fleet.json',
    'west/baseline/cluster.json',
    'west/kubevirt/kubevirt.kubevirt.yaml',
  ]);
});

test('two fleets of one name are refused, and nothing is written', () => {
  const app = new FleetApp({ outdir: join(temporaryFolder(), 'dist') });
  new Fleet(app, 'a', { ...CLUSTER, name: 'lab' });
  new Fleet(app, 'b', { ...CLUSTER, name: 'lab' });
  expect(() => app.synth()).toThrow('two fleets of the app are called lab');
  expect(existsSync(app.outdir)).toBe(false);
});

test('an app without a fleet writes nothing', () => {
  const app = new FleetApp({ outdir: join(temporaryFolder(), 'dist') });
  expect(() => app.synth()).toThrow('no Fleet');
});

test('an object that the program puts into the fleet is written too', () => {
  const { app, fleet } = smallFleet();
  new ApiObject(fleet, 'settings', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data: { a: 'b' },
  });
  app.synth();
  const text = readFileSync(join(app.outdir, 'objects/default/configmap.settings.yaml'), 'utf8');
  expect(parse(text)).toMatchObject({ kind: 'ConfigMap', data: { a: 'b' } });
  expect(readdirSync(join(app.outdir, 'objects'))).toContain('kustomization.yaml');
});

test('an object in no fleet is refused rather than dropped', () => {
  const { app } = smallFleet();
  new ApiObject(new Chart(app, 'aside'), 'settings', { apiVersion: 'v1', kind: 'ConfigMap' });
  expect(() => app.synth()).toThrow('aside/settings is in no Fleet');
});

test('validations that the program adds are run before anything is written', () => {
  const { app, fleet } = smallFleet();
  fleet.node.addValidation({ validate: () => ['no team label'] });
  expect(() => app.synth()).toThrow('no team label');
  expect(readdirSync(app.outdir)).toEqual([]);
});

test('a device of another fleet is refused, whatever its name is here', () => {
  const app = new FleetApp({ outdir: temporaryFolder() });
  const one = new Fleet(app, 'one', CLUSTER);
  const two = new Fleet(app, 'two', CLUSTER);
  const foreign = new PciDevice(one, 'gpu', { selectors: ['10de:1eb8'], resourceName: 'nvidia.com/T4' });
  new PciDevice(two, 'gpu', { selectors: ['8086:37d0'], resourceName: 'intel.com/nic' });
  const pool = new NodePool(two, 'pool', { nodes: ['n'], cpuVendor: 'intel' });
  const vm = new VirtualMachine(two, 'vm', { spec: SPEC });
  expect(() => pool.passThrough(foreign)).toThrow('is not one of fleet two');
  expect(() => vm.addGpu('gpu1', foreign)).toThrow('is not one of fleet two');
});

test('a key that no property knows is reported, as in YAML', () => {
  const { fleet, pool, nvme } = smallFleet();
  pool.passThrough(nvme, { adresses: ['0000:5f:00.0'] } as object);
  new PciDevice(fleet, 'x', { selectors: ['8086:0001'], resourceName: 'a.com/b', externalProvider: true } as never);
  const messages = findingsOf(fleet).map(({ message }) => message);
  expect(messages.join('\n')).toContain('`adresses` is not a key');
  expect(messages.join('\n')).toContain('`externalProvider` is not a key');
});

test('a property that is missing is a finding with a place, not a crash', () => {
  const { fleet, pool } = smallFleet();
  new PciDevice(fleet, 'x', {} as never);
  pool.keepOnHost({ reason: 'boot disk' } as never);
  expect((): unknown => Testing.synth(fleet)).toThrow(InvalidFleetError);
});

test('one id may name a VM in several scopes', () => {
  const { fleet } = smallFleet();
  for (const team of ['a', 'b']) new VirtualMachine(new Construct(fleet, team), 'web', { namespace: team, spec: SPEC });
  expect(Object.keys(manifestsOf(fleet)).filter((path) => path.includes('.web.'))).toEqual([
    'virtual-machines/a/virtualmachine.web.yaml',
    'virtual-machines/b/virtualmachine.web.yaml',
  ]);
});

test('a plain App writes a fleet as any chart', () => {
  const app = new App({ outdir: temporaryFolder() });
  const fleet = new Fleet(app, 'lab', CLUSTER);
  new PciDevice(fleet, 'qat', { selectors: ['8086:6f54'], resourceName: 'intel.com/qat' });
  app.synth();
  expect(readFileSync(join(app.outdir, 'lab.k8s.yaml'), 'utf8')).toContain('intel.com/qat');
});

test.each([
  [{ version: '1.6', managedBy: 'hyperconverged' }, 'hco.kubevirt.io/v1beta1'],
  [{ version: '4.21', managedBy: 'hyperconverged' }, 'hco.kubevirt.io/v1beta1'],
  [{ version: '1.9', managedBy: 'hyperconverged' }, 'hco.kubevirt.io/v1'],
  [{ version: '1.9', managedBy: 'hyperconverged', apiVersion: 'hco.kubevirt.io/v1beta1' }, 'hco.kubevirt.io/v1beta1'],
] as const)('HyperConverged of %j is written in the same words as from YAML', (kubevirt, apiVersion) => {
  const fleet = new Fleet(new FleetApp({ outdir: temporaryFolder() }), 'lab', { nodePlatform: 'openshift', kubevirt });
  new PciDevice(fleet, 'qat', { selectors: ['8086:6f54'], resourceName: 'intel.com/qat' });
  const written = compiled(`
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: openshift, kubevirt: ${JSON.stringify(kubevirt)} }
  devices: { qat: { pci: ["8086:6f54"], resourceName: intel.com/qat } }
`);
  expect(fleet.kubevirt.toJson()).toEqual(written.manifest('kubevirt').content);
  expect([fleet.kubevirt.apiVersion, fleet.kubevirt.kind]).toEqual([apiVersion, 'HyperConverged']);
});

test('a patch of the program is in the kustomize component too', () => {
  const { app, fleet } = smallFleet();
  fleet.kubevirt.addJsonPatch(JsonPatch.add('/spec/imagePullPolicy', 'Always'));
  app.synth();
  const text = readFileSync(join(app.outdir, 'kubevirt/component/kustomization.yaml'), 'utf8');
  const [{ patch }] = (parse(text) as { patches: [{ patch: string }] }).patches;
  expect(parse(patch)).toMatchObject({ kind: 'KubeVirt', spec: { imagePullPolicy: 'Always' } });
});
