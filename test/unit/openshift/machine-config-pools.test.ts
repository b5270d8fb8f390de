import { isJsonObject, type CurrentObject, type JsonObject } from '../../../src/model';
import {
  effectiveFiles,
  machineConfigPools,
  replacedIdSources,
  selectsLabels,
  vfioIdSources,
} from '../../../src/openshift';

const object = (kind: string, name: string, labels: JsonObject, spec: JsonObject): CurrentObject => ({
  apiVersion: 'v1',
  kind,
  name,
  namespace: undefined,
  content: { apiVersion: 'v1', kind, metadata: { name, labels }, spec },
  place: { kind: 'document', file: 'dump.yaml', document: 0, pointer: `/${name}`, part: 'value' },
});
const ROLE = 'machineconfiguration.openshift.io/role';
const config = (name: string, role: string, spec: JsonObject): CurrentObject =>
  object('MachineConfig', name, { [ROLE]: role }, spec);
const node = (name: string, ...roles: readonly string[]): CurrentObject =>
  object('Node', name, Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])), {});
const files = (...entries: readonly (readonly [path: string, text: string])[]): JsonObject => ({
  config: {
    storage: {
      files: entries.map(([path, text]) => ({ path, contents: { source: `data:,${encodeURIComponent(text)}` } })),
    },
  },
});

describe('machine config pools', () => {
  it('merge worker first, each group by the names as texts', () => {
    const pools = machineConfigPools([
      config('99-gpu', 'gpu', {}),
      config('100-gpu', 'gpu', {}),
      config('99-worker', 'worker', {}),
      config('00-worker', 'worker', {}),
      config('rendered-gpu-1', 'gpu', {}),
    ]);

    expect(pools.map(({ name, configs }) => [name, configs.map((one) => one.name)])).toEqual([
      ['gpu', ['00-worker', '99-worker', '100-gpu', '99-gpu']],
      ['worker', ['00-worker', '99-worker']],
    ]);
  });

  it('take the nodes that their selectors choose, the control plane apart', () => {
    const pools = machineConfigPools([
      object('MachineConfigPool', 'gpu', {}, { nodeSelector: { matchLabels: { 'node-role.kubernetes.io/gpu': '' } } }),
      config('00-worker', 'worker', {}),
      config('00-master', 'master', {}),
      node('n1', 'worker', 'gpu'),
      node('n2', 'worker'),
      node('n3', 'master', 'worker', 'gpu'),
      node('n4'),
    ]);

    expect(pools.map(({ name, nodes }) => [name, nodes.map((one) => one.name)])).toEqual([
      ['gpu', ['n1']],
      ['master', ['n3']],
      ['worker', ['n2']],
    ]);
  });

  it('keep the last of two files with one path', () => {
    const [pool] = machineConfigPools([
      config('10-a', 'worker', files(['/etc/modprobe.d/vfio.conf', 'options vfio-pci ids=1111:2222'])),
      config('20-b', 'worker', files(['/etc/modprobe.d/vfio.conf', 'options vfio_pci ids=3333:4444'])),
    ]);
    if (pool === undefined) throw new Error('no pool');

    expect(effectiveFiles(pool).map(({ text }) => text)).toEqual(['options vfio_pci ids=3333:4444']);
    expect(vfioIdSources(pool).map(({ ids }) => ids)).toEqual([['3333:4444']]);
    expect(replacedIdSources(pool).map(({ ids }) => ids)).toEqual([['1111:2222']]);
  });

  it('give vfio-pci the lists of files by name, and those of kernel arguments last', () => {
    const [pool] = machineConfigPools([
      config('10-a', 'worker', {
        kernelArguments: ['intel_iommu=on', 'vfio_pci.ids=5555:6666,zz,7777:8888:9999'],
        ...files(
          [
            '/etc/modprobe.d/z.conf',
            'options vfio-pci \\\n  disable_idle_d3=1 ids="3333:4444"\n# options vfio-pci ids=0:0',
          ],
          ['/etc/modprobe.d/a.conf', 'options vfio-pci ids=1111:2222'],
          ['/etc/modprobe.d/a.txt', 'options vfio-pci ids=dead:beef'],
        ),
      }),
    ]);
    const sources = pool === undefined ? [] : vfioIdSources(pool);

    expect(sources.map(({ ids, malformed }) => [ids, malformed])).toEqual([
      [['1111:2222'], []],
      [['3333:4444'], []],
      [['5555:6666'], ['zz']],
    ]);
  });

  it('pass over whatever has another form', () => {
    const strange = [null, 7, 'x', [], {}, [null], { files: 7 }].map((spec, i) =>
      config(`c${i}`, 'worker', isJsonObject(spec) ? spec : { kernelArguments: spec, config: spec }),
    );

    expect(machineConfigPools(strange)[0]?.configs).toHaveLength(strange.length);
  });
});

describe('a label selector', () => {
  const labels = { role: 'worker', gpu: '' };
  it.each([
    [undefined, false],
    [{}, false],
    [{ matchLabels: { role: 'worker' } }, true],
    [{ matchLabels: { role: 'master' } }, false],
    [{ matchLabels: { constructor: 'x' } }, false],
    [{ matchExpressions: [{ key: 'role', operator: 'In', values: ['worker', 'gpu'] }] }, true],
    [{ matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['worker'] }] }, false],
    [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'gpu', operator: 'DoesNotExist' }] }, false],
    [{ matchLabels: { role: 'worker' }, matchExpressions: [{ key: 'gpu', operator: 'Is' }] }, false],
  ])('%j', (selector, expected) => {
    expect(selectsLabels(selector, labels)).toBe(expected);
  });
});
