import { App } from 'cdk8s';
import { loadFleet } from '../../../../src/load';
import { SourceFile } from '../../../../src/source';
import { readYaml } from '../../../../src/yaml';
import { Fleet, NodePool } from '../../../../src';
import { textsOf } from '../../../../src/testing';
import { memoryFiles } from '../../../support/fleet-of';
import { compiled } from '../compiled';

const FOLDER = 'node-prep/gpu/apply-by-hand';

const gpu = (address: string): string =>
  `{ address: "${address}", class: "0300", id: "10de:1eb8", driver: nouveau, iommuGroup: 27 }`;
const node = (name: string, address: string): Readonly<Record<string, string>> => ({
  [`inventory/${name}.yaml`]: `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: ${name} }
spec:
  functions: [${gpu(address)}, { address: "${address.replace(/0$/, '1')}", class: "0403", id: "10de:10f8", iommuGroup: 27 }]
`,
});
const NODES = { ...node('n1', '0000:65:00.0'), ...node('n2', '0000:17:00.0') };

const fleet = (pool: string, cluster = 'nodePlatformVersion: "1.12"'): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  inventory: inventory
  cluster: { nodePlatform: talos, ${cluster}, kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
  nodePools:
    gpu: { nodes: [n1, n2], cpuVendor: intel, ${pool} }
`;

const documents = (text: string): unknown[] =>
  readYaml(new SourceFile('patch.yaml', text)).documents.map(({ value }) => value);

const BY_ADDRESS = 'passthrough: [{ device: t4 }]';

it('binds by address, one document a function with its companions, for each node its own', () => {
  const { text } = compiled(fleet(BY_ADDRESS), NODES);
  expect(documents(text(`${FOLDER}/machineconfig.n2.yaml`))).toEqual(
    ['0000:17:00.0', '0000:17:00.1'].map((name) => ({
      apiVersion: 'v1alpha1',
      kind: 'PCIDriverRebindConfig',
      name,
      targetDriver: 'vfio-pci',
    })),
  );
  expect(text(`${FOLDER}/machineconfig.n1.yaml`)).toContain('# companion of t4');
  expect(text(`${FOLDER}/README.txt`)).toMatchGolden('manifests/talos/README.txt');
});

it('writes documents that are the same on every node once', () => {
  const { set, text } = compiled(fleet(BY_ADDRESS), { ...NODES, ...node('n2', '0000:65:00.0') });
  expect(set.files.filter(({ path }) => path.includes('machineconfig.')).map(({ path }) => path)).toEqual([
    `${FOLDER}/machineconfig.yaml`,
  ]);
  expect(documents(text(`${FOLDER}/machineconfig.yaml`))).toHaveLength(3);
});

it('always loads the modules that a bound function needs, in the form of the release', () => {
  const modules = [{ name: 'vfio_pci' }, { name: 'vfio_iommu_type1' }];
  const before = compiled(fleet(BY_ADDRESS), NODES).text(`${FOLDER}/machineconfig.yaml`);
  expect(documents(before)).toEqual([{ machine: { kernel: { modules } } }]);
  const since = compiled(fleet(BY_ADDRESS, 'nodePlatformVersion: "1.14"'), NODES).text(`${FOLDER}/machineconfig.yaml`);
  expect(documents(since)).toEqual(
    modules.map(({ name }) => ({ apiVersion: 'v1alpha1', kind: 'KernelModuleConfig', name })),
  );
});

it('gives ids as a parameter of the module where the fleet asks for them', () => {
  const { text } = compiled(fleet('passthrough: [{ device: t4, binding: id, companions: [] }]'), NODES);
  expect(documents(text(`${FOLDER}/machineconfig.yaml`))).toEqual([
    {
      machine: {
        kernel: { modules: [{ name: 'vfio_pci', parameters: ['ids=10de:1eb8'] }, { name: 'vfio_iommu_type1' }] },
      },
    },
  ]);
});

it('tells the kubelet in the machine configuration', () => {
  const { text } = compiled(fleet('kubelet: { topologyManagerPolicy: restricted }'), NODES);
  expect(documents(text(`${FOLDER}/machineconfig.yaml`))).toEqual([
    { machine: { kubelet: { extraConfig: { topologyManagerPolicy: 'restricted' } } } },
  ]);
});

describe('the schematic', () => {
  const SCHEMATIC = `# ours
customization:
  extraKernelArgs: [console=ttyS0, intel_iommu=on]
  systemExtensions:
    officialExtensions: [siderolabs/iscsi-tools]
overlay: { name: rpi }
`;

  it('holds the arguments alone where there is none', () => {
    const { text } = compiled(fleet(BY_ADDRESS), NODES);
    expect(documents(text(`${FOLDER}/schematic.yaml`))).toEqual([
      { customization: { extraKernelArgs: ['intel_iommu=on'] } },
    ]);
    expect(text(`${FOLDER}/machineconfig.yaml`)).not.toContain('extraKernelArgs');
  });

  it.each([
    ['the cluster', BY_ADDRESS, 'nodePlatformVersion: "1.12", talosSchematic: talos/s.yaml'],
    ['the pool', `${BY_ADDRESS}, talosSchematic: talos/s.yaml`, undefined],
  ])('of %s is kept whole, and only arguments that it lacks are added', (_where, pool, cluster) => {
    const { text } = compiled(fleet(`iommu: { pt: true }, ${pool}`, cluster), { ...NODES, 'talos/s.yaml': SCHEMATIC });
    expect(documents(text(`${FOLDER}/schematic.yaml`))).toEqual([
      {
        customization: {
          extraKernelArgs: ['console=ttyS0', 'intel_iommu=on', 'iommu=pt'],
          systemExtensions: { officialExtensions: ['siderolabs/iscsi-tools'] },
        },
        overlay: { name: 'rpi' },
      },
    ]);
  });

  it.each([
    ['is not there', undefined, 'SCH122'],
    ['is a list', '[a]', 'SCH180'],
    ['has a text for its arguments', 'customization: { extraKernelArgs: a=b }', 'SCH180'],
    ['is two documents', 'a: 1\n---\nb: 2', 'SCH180'],
  ])('that %s is refused', (_name, text, code) => {
    const files = { 'fleet.yaml': fleet(`${BY_ADDRESS}, talosSchematic: s.yaml`), ...NODES };
    const { problems } = loadFleet(
      memoryFiles(text === undefined ? files : { ...files, 's.yaml': text }),
      'fleet.yaml',
    );
    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });
});

it('is the same from constructs', () => {
  const cluster = { nodePlatform: 'talos', nodePlatformVersion: '1.12', kubevirt: { version: '1.6' } } as const;
  const other = new Fleet(new App(), 'small', cluster);
  new NodePool(other, 'gpu', {
    nodes: ['n1', 'n2'],
    cpuVendor: 'intel',
    kubelet: { topologyManagerPolicy: 'restricted' },
  });
  const { set } = compiled(fleet('kubelet: { topologyManagerPolicy: restricted }'), NODES);
  const prepared = Object.entries(textsOf(other)).filter(([path]) => path.startsWith('node-prep/'));
  expect(prepared).toEqual(
    set.files.filter(({ path }) => path.startsWith('node-prep/')).map(({ path, text }) => [path, text]),
  );
});
