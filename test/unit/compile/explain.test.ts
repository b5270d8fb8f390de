import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compileFleet,
  explain,
  formatAppResult,
  parseAppResult,
  SourceSet,
  type ExplainAnswer,
} from '../../../src/compile';
import type { Chain, Explanation, Step, SubjectKind } from '../../../src/diagnostics';
import { loadFleet } from '../../../src/load';
import { renderExplanation } from '../../../src/report';
import { memoryFiles } from '../../support/fleet-of';

const LAB = join(__dirname, '..', '..', '..', 'examples', 'lab');

function labFiles(change: (fleet: string) => string = (fleet) => fleet): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(LAB, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.yaml')) files[name.replaceAll('\\', '/')] = readFileSync(join(LAB, name), 'utf8');
  }
  return { ...files, 'fleet.yaml': change(files['fleet.yaml'] ?? '') };
}

interface Explained {
  readonly answer: ExplainAnswer;
  readonly text: string;
}

function explained(kind: SubjectKind, name: string, files: Readonly<Record<string, string>> = labFiles()): Explained {
  const access = memoryFiles(files);
  const loaded = loadFleet(access, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  const locate = sources.locate.bind(sources);
  const { fleet, report } = compileFleet({ fleet: loaded.fleet, problems: loaded.problems, locate });
  if (fleet === undefined) throw new Error(report.diagnostics.map(({ message }) => message).join('\n'));
  const answer = explain({ fleet, report, locate }, kind, name);
  const text = answer.explanations.map((one) => renderExplanation(one, (file) => sources.get(file))).join('\n');
  return { answer, text };
}

function only({ answer }: Explained): Explanation {
  const [one, ...others] = answer.explanations;
  if (one === undefined || others.length > 0) throw new Error(`${answer.explanations.length} explanations`);
  return one;
}

function chain({ chains }: Explanation, title: string): Chain {
  const found = chains.find((one) => one.title === title);
  if (found === undefined) throw new Error(`no chain ${title} in ${chains.map((one) => one.title).join(', ')}`);
  return found;
}

function firstBroken({ steps, firstBroken: at }: Chain): Step | undefined {
  return at === undefined ? undefined : steps[at];
}

/** The lab, with one thing in it changed. */
function changed(from: string | RegExp, to: string): Record<string, string> {
  return labFiles((fleet) => {
    const after = fleet.replace(from, to);
    if (after === fleet) throw new Error(`${String(from)} is not in the lab's fleet`);
    return after;
  });
}

describe('in the lab', () => {
  it.each([
    ['vm', 'vmi-nvme'],
    ['vm', 'edge/gateway-1'],
    ['vm', 'desktop-1'],
    ['node', 'node01'],
    ['node', 'node03'],
    ['node', 'node04'],
    ['device', 't4'],
    ['device', 'nvme'],
  ] as const)('%s %s', (kind, name) => {
    expect(explained(kind, name).text).toMatchGolden(`explain/${kind}-${name.replace('/', '-')}.txt`);
  });

  it('leads from the VM to the kernel arguments', () => {
    const steps = chain(only(explained('vm', 'vmi-nvme')), 'hostDevices nvme').steps;

    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'request holds',
      'feature-gate holds',
      'permitted holds',
      'provider holds',
      'nodes holds',
      'binding holds',
      'kernel-arguments holds',
    ]);
    expect(steps.map(({ artefact }) => artefact?.name)).toEqual([
      undefined,
      'kubevirt',
      'kubevirt',
      undefined,
      undefined,
      '100-storage-vfiopci',
      '100-storage-iommu',
    ]);
    expect(steps[4]?.counts).toEqual([
      { node: 'node03', count: 1, unknownBecause: undefined, functions: ['0000:5e:00.0'] },
    ]);
  });

  it('names artefacts by the files that are written', () => {
    const access = memoryFiles(labFiles());
    const loaded = loadFleet(access, 'fleet.yaml');
    const sources = new SourceSet(loaded.sources, access);
    const { manifests } = compileFleet({ ...loaded, locate: (place) => sources.locate(place) });
    const written = new Set(manifests?.manifests.map(({ path }) => path));
    const named = (['vm', 'node', 'device'] as const).flatMap((kind) =>
      explained(kind, '').answer.names.flatMap((name) =>
        only(explained(kind, name)).chains.flatMap(({ steps }) =>
          steps.flatMap(({ artefact }) => artefact?.file ?? []),
        ),
      ),
    );

    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !written.has(file))).toEqual([]);
  });

  it('says what each function of a node ends on, and whether its group is viable', () => {
    const { node } = only(explained('node', 'node03'));
    const nvme = node?.functions.find(({ address }) => address === '0000:5e:00.0');

    expect(nvme).toMatchObject({
      driver: { seen: 'nvme', after: 'vfio-pci' },
      bindings: [{ device: 'nvme', strategy: 'address', artefact: { name: '100-storage-vfiopci' } }],
    });
    expect(node?.functions.find(({ address }) => address === '0000:5f:00.0')).toMatchObject({
      driver: { seen: 'nvme', after: 'nvme' },
      bindings: [],
      hostUse: [{ reason: 'boot disk' }],
    });
    expect(node?.groups).toMatchObject([{ viable: true, functions: ['0000:5e:00.0'] }]);
    expect(node?.advertised).toMatchObject([{ resourceName: 'devices.kubevirt.io/nvme', count: 1 }]);
  });
});

describe('the first broken step', () => {
  it.each([
    [
      'a device that is not declared',
      changed('- { name: nvme, device: nvme }', '- { name: nvme, device: nvm }'),
      'request',
    ],
    ['no node with the device', changed('node: node03', 'node: node02'), 'nodes'],
    ['nobody who hands it over', changed(/ {6}passthrough:\n {8}- device: nvme\n(?: {10}.*\n)+/, ''), 'nodes'],
  ])('is the right one with %s', (_, files, kind) => {
    const explanation = only(explained('vm', 'vmi-nvme', files));

    expect(firstBroken(chain(explanation, 'hostDevices nvme'))?.kind).toBe(kind);
    expect(explanation.errorCount).toBeGreaterThan(0);
  });

  it('is where an error of the report stands', () => {
    const files = changed(/ {10}acknowledge:\n.*\n/, '');
    const step = firstBroken(chain(only(explained('vm', 'vmi-nvme', files)), 'hostDevices nvme'));

    expect(step).toMatchObject({ kind: 'binding', findings: [{ slug: 'pci/unknown-host-use' }] });
  });

  it('is marked in the text, with what was found', () => {
    const files = changed('- { name: nvme, device: nvme }', '- { name: nvme, device: nvm }');

    expect(explained('vm', 'vmi-nvme', files).text).toMatchGolden('explain/broken-request.txt');
  });

  it('is a group that is not viable for a node', () => {
    const files = labFiles();
    const path = 'inventory/node03.yaml';
    const group = /address: "0000:5e:00.0".*?iommuGroup: (\d+)/.exec(files[path] ?? '')?.[1] ?? '';
    const shared = (files[path] ?? '').replace(/(address: "0000:5f:00.0".*?iommuGroup: )\d+/, `$1${group}`);

    expect(only(explained('node', 'node03', { ...files, [path]: shared })).node?.groups).toMatchObject([
      { viable: false, because: '0000:5f:00.0 stays with driver nvme' },
    ]);
  });
});

it('says that what nobody knows is unknown', () => {
  const files = labFiles((fleet) => fleet.replace('  inventory: inventory/\n', ''));
  const steps = chain(only(explained('vm', 'vmi-nvme', files)), 'hostDevices nvme').steps;

  expect(steps.find(({ kind }) => kind === 'nodes')).toMatchObject({
    state: 'unknown',
    counts: [{ node: 'node03', count: undefined }],
  });
  expect(only(explained('node', 'node03', files)).node).toMatchObject({ hasInventory: false, functions: [] });
});

it('leads from a claim to the driver that serves it, and to the kernel arguments', () => {
  const files = {
    'fleet.yaml': `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: claims }
spec:
  inventory: inventory/
  cluster: { nodePlatform: openshift, kubernetesVersion: "1.34", kubevirt: { version: "1.9" } }
  devices:
    h100:
      pci: ["10de:2330"]
      allocation: dra
      dra: { driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com }
  nodePools: { gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: h100 }] } }
  virtualMachines:
    train:
      pool: gpu
      gpus: [{ name: gpu1, device: h100 }]
      spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`,
    'inventory/node01.yaml': `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  productUuid: 4c4c4544-0042-4a10-8057-b3c04f4d3731
  functions: [{ address: "0000:65:00.0", class: "0302", id: "10de:2330", driver: nvidia, iommuGroup: 27, hostUse: [] }]
`,
  };
  const { steps, firstBroken: broken } = chain(only(explained('vm', 'train', files)), 'gpus gpu1');

  expect(broken).toBeUndefined();
  expect(steps[0]?.artefact?.file).toBe('virtual-machines/default/resourceclaimtemplate.train-gpu1.yaml');
  expect(steps.map(({ kind }) => kind)).toEqual([
    'request',
    'permitted',
    'provider',
    'nodes',
    'binding',
    'kernel-arguments',
  ]);
  expect(explained('device', 'h100', files).text).toMatchGolden('explain/device-claimed.txt');
});

it('explains every VM that shares a name, and knows all names', () => {
  const files = labFiles((fleet) =>
    fleet.replace(
      '    desktop-1:\n      namespace: desktops\n',
      '    other:\n      name: render-1\n      namespace: desktops\n',
    ),
  );
  const { answer } = explained('vm', 'render-1', files);

  expect(answer.explanations.map(({ name }) => name)).toEqual(['desktops/render-1', 'rendering/render-1']);
  expect(explained('vm', 'nobody', files).answer).toMatchObject({
    explanations: [],
    names: ['edge/gateway-1', 'desktops/render-1', 'rendering/render-1', 'training/train-1', 'default/vmi-nvme'],
  });
});

it('is the same for a fleet that came out of an app', () => {
  const access = memoryFiles(labFiles());
  const loaded = loadFleet(access, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  const compilation = compileFleet({ ...loaded, locate: (place) => sources.locate(place) });
  const [app] = parseAppResult(formatAppResult([{ compilation, sources, outputs: undefined }])) ?? [];
  if (app?.fleet === undefined) throw new Error('no fleet came out');

  const answer = explain(
    { fleet: app.fleet, report: app.report, locate: (place) => sources.locate(place) },
    'node',
    'node01',
  );

  expect(JSON.parse(JSON.stringify(answer))).toEqual(JSON.parse(JSON.stringify(explained('node', 'node01').answer)));
});
