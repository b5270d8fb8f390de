import { compileFleet, SourceSet } from '../../../src/compile';
import { fleetFromValue, loadFleet } from '../../../src/load';
import { memoryFiles } from '../../support/fleet-of';

const FLEET = `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
  virtualMachines:
    own:
      namespace: training
      gpus: [{ name: gpu1, device: t4 }]
      spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
  manifests: ["../tenants/**/*.yaml"]
`;
const machine = (name: string, deviceName: string, more = ''): string => `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: ${name}, namespace: training }
spec:
  runStrategy: Always
  template:
    spec:
      domain:
        memory: { guest: 4Gi }
        devices: { gpus: [{ name: gpu1, deviceName: ${deviceName} }] }
${more}`;

const FILES = {
  'lab/fleet.yaml': FLEET,
  'tenants/a/vm.yaml': machine('tenant-a', 'example.com/t4'),
  'tenants/b/deep/vms.yaml': `${machine('tenant-b', 'example.com/t5')}---\n${machine('tenant-c', 'example.com/t4', '      evictionStrategy: LiveMigrate\n')}`,
  'tenants/b/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n',
};

function compile(files: Readonly<Record<string, string>>): ReturnType<typeof compileFleet> {
  const access = memoryFiles(files);
  const loaded = loadFleet(access, 'lab/fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  return compileFleet({ fleet: loaded.fleet, problems: loaded.problems, locate: (place) => sources.locate(place) });
}

describe('VMs of other people', () => {
  it('are judged with the fleet, at their own lines', () => {
    const { report } = compile(FILES);

    expect(
      report.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ slug, primary }) => [slug, primary.at.file]),
    ).toEqual([
      ['vm/unknown-device', 'tenants/b/deep/vms.yaml'],
      ['vm/blocked-drain', 'tenants/b/deep/vms.yaml'],
    ]);
  });

  it('are never written', () => {
    const { 'tenants/b/deep/vms.yaml': _left, ...files } = FILES;
    const { manifests, analysis } = compile(files);

    expect(analysis?.machines.map((one) => one.machine.id)).toEqual(['own', 'training/tenant-a']);
    expect(
      manifests?.manifests.filter(({ path }) => path.startsWith('virtual-machines/')).map(({ path }) => path),
    ).toEqual(['virtual-machines/training/virtualmachine.own.yaml']);
  });

  it('are held against the API of the release', () => {
    const text = machine('tenant-a', 'example.com/t4', '      evictonStrategy: None\n');
    const { report } = compile({ 'lab/fleet.yaml': FLEET, 'tenants/a/vm.yaml': text });

    expect(report.diagnostics.filter(({ severity }) => severity === 'error').map(({ slug }) => slug)).toEqual([
      'api/unknown-field',
    ]);
  });

  it('are none of the fleet’s own', () => {
    const { report } = compile({ 'lab/fleet.yaml': FLEET, 'tenants/a/vm.yaml': machine('own', 'example.com/t4') });

    expect(
      report.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ slug, primary }) => [slug, primary.at.file]),
    ).toEqual([['fleet/duplicate-vm-name', 'tenants/a/vm.yaml']]);
  });

  it('come in by the other door too', () => {
    const loaded = fleetFromValue(
      {
        apiVersion: 'hostdev/v1alpha1',
        kind: 'Fleet',
        metadata: { name: 'lab' },
        spec: {
          cluster: { nodePlatform: 'openshift', kubevirt: { version: '1.6' } },
          manifests: ['tenants/a/*.yaml'],
        },
      },
      {
        placeOf: () => ({ kind: 'file', file: 'main.ts' }),
        files: memoryFiles(FILES),
        inventory: undefined,
        current: undefined,
        vendorPlugins: [],
      },
    );

    expect(loaded.problems).toEqual([]);
    expect(loaded.fleet?.virtualMachines.map(({ id, foreign }) => [id, foreign?.place])).toEqual([
      ['training/tenant-a', { kind: 'document', file: 'tenants/a/vm.yaml', document: 0, pointer: '', part: 'value' }],
    ]);
  });
});
