import { compileFleet, renderOutputs, SourceSet } from '../../../src/compile';
import { loadFleet } from '../../../src/load';
import { formatBaseline, readBaseline, type Baseline } from '../../../src/plan';
import { memoryFiles } from '../../support/fleet-of';
import { labFiles } from './plans';

const FOLDER = 'baseline/';

function outputsOf(files: Readonly<Record<string, string>>): Map<string, string> {
  const access = memoryFiles(files);
  const { fleet, problems, sources } = loadFleet(access, 'fleet.yaml');
  const set = new SourceSet(sources, access);
  const { manifests, analysis, report } = compileFleet({ fleet, problems, locate: (place) => set.locate(place) });
  if (manifests === undefined) throw new Error(JSON.stringify(report.diagnostics));
  return new Map([...renderOutputs('lab', manifests, { analysis }).files].map(([path, { text }]) => [path, text]));
}

function baselineOf(outputs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...outputs].flatMap(([path, text]) =>
      path.startsWith(FOLDER) ? [[path.slice(FOLDER.length), text] as const] : [],
    ),
  );
}

function required(files: ReadonlyMap<string, string>): Baseline {
  const read = readBaseline(files);
  if (!read.ok) throw new Error(read.reason);
  return read.value;
}

const LAB = labFiles();
const outputs = outputsOf(LAB);
const files = baselineOf(outputs);

describe('a baseline', () => {
  it('has one file for each unit, node pool and namespace', () => {
    expect([...files.keys()].sort()).toEqual([
      'cluster.json',
      'namespaces/default.json',
      'namespaces/desktops.json',
      'namespaces/edge.json',
      'namespaces/rendering.json',
      'namespaces/training.json',
      'node-pools/gpu-amd.json',
      'node-pools/gpu-intel.json',
      'node-pools/storage.json',
      'node-pools/vgpu.json',
      'node-prep/gpu-amd.json',
      'node-prep/gpu-intel.json',
      'node-prep/storage.json',
      'node-prep/vgpu.json',
    ]);
  });

  it('knows every object that is written, by its hash', () => {
    const { cluster, units, machines } = required(files);
    const known = [
      ...cluster.objects,
      ...units.flatMap(({ configs, objects }) => [...configs, ...objects]),
      ...machines,
    ].map(({ path }) => path);
    const written = [...outputs.keys()].filter(
      (path) => !path.startsWith(FOLDER) && !path.endsWith('kustomization.yaml'),
    );

    expect(known.sort()).toEqual(written.sort());
  });

  it('is what was read from it', () => {
    const read = required(files);
    const again = formatBaseline(read).map(({ path, text }) => [path.slice(FOLDER.length), text] as const);

    expect(new Map(again)).toEqual(new Map(files));
  });

  it('is a line longer for one more node, and node preparation stays as it is', () => {
    const more = outputsOf({
      ...LAB,
      'fleet.yaml': (LAB['fleet.yaml'] ?? '').replace('nodes: [node03]', 'nodes: [node03, node05]'),
      'inventory/node05.yaml': (LAB['inventory/node03.yaml'] ?? '')
        .replaceAll('node03', 'node05')
        .replace('4e5133', '4e5144'),
    });
    const changed = [...more].filter(([path, text]) => outputs.get(path) !== text).map(([path]) => path);

    expect(changed).toEqual(['baseline/node-pools/storage.json']);
    const before = (outputs.get('baseline/node-pools/storage.json') ?? '').split('\n');
    const after = (more.get('baseline/node-pools/storage.json') ?? '').split('\n');
    expect(after).toHaveLength(before.length + 1);
  });
});

describe('what is read', () => {
  const cluster = files.get('cluster.json') ?? '';
  const withCluster = (text: string): ReadonlyMap<string, string> => new Map([['cluster.json', text]]);

  test.each([
    ['no files', new Map<string, string>(), 'there is no cluster.json'],
    ['no JSON', withCluster('{'), 'cluster.json: it is no JSON'],
    ['a list', withCluster('[]'), 'cluster.json: it is no map'],
    ['another form', withCluster('{"apiVersion":"hostdev/v9"}'), 'another release of hostdev wrote it'],
    ['another kind', withCluster('{"apiVersion":"hostdev/v1alpha1","fleet":"x","kind":"Fleet"}'), '$.kind is none of'],
    [
      'a text for a list',
      withCluster(cluster.replace(/"featureGates": \[.*\]/, '"featureGates": "x"')),
      '$.featureGates is no list',
    ],
    ['a number for a text', withCluster(cluster.replace('"lab"', '7')), '$.fleet is no text'],
    ['a text without end', withCluster(cluster.replace('"lab"', JSON.stringify('x'.repeat(5000)))), 'is longer than'],
    [
      'an entry twice',
      new Map([...files, ['node-pools/other.json', files.get('node-pools/vgpu.json') ?? '']]),
      'vgpu is there twice',
    ],
    [
      'a count below zero',
      new Map([
        ...files,
        ['node-pools/storage.json', (files.get('node-pools/storage.json') ?? '').replace(':1}', ':-1}')],
      ]),
      'is no count',
    ],
  ])('is refused: %s', (_what, broken, reason) => {
    const read = readBaseline(broken);

    expect(read.ok ? 'accepted' : read.reason).toContain(reason);
  });

  it('may name `__proto__` without harm', () => {
    const text = (files.get('node-pools/storage.json') ?? '').replace('"devices.kubevirt.io/nvme":1', '"__proto__":1');
    const { pools } = required(new Map([...files, ['node-pools/storage.json', text]]));

    expect([...(pools.find(({ name }) => name === 'storage')?.nodes[0]?.advertises ?? [])]).toEqual([['__proto__', 1]]);
    expect(Object.hasOwn({}, '1')).toBe(false);
  });
});
