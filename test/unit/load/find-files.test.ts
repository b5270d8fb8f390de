import { filesBelow, filesMatching, matches } from '../../../src/load/manifests/find-files';
import { TextStore } from '../../../src/load/text-store';
import { memoryFiles } from '../../support/fleet-of';

const TREE = [
  'fleets/lab/fleet.yaml',
  'fleets/tenants/a/vm.yaml',
  'fleets/tenants/a/deep/er/vm-2.yaml',
  'fleets/tenants/b/vm.yml',
  'fleets/tenants/b/readme.md',
  'fleets/tenants/.git/vm.yaml',
  'fleets/tenants/node_modules/x/vm.yaml',
];
const store = (): TextStore => new TextStore(memoryFiles(Object.fromEntries(TREE.map((path) => [path, '']))));

describe('files by pattern', () => {
  it.each([
    ['../tenants/**/*.yaml', ['fleets/tenants/a/deep/er/vm-2.yaml', 'fleets/tenants/a/vm.yaml']],
    ['../tenants/*/*.y?ml', ['fleets/tenants/a/vm.yaml']],
    ['../tenants/*/vm.*', ['fleets/tenants/a/vm.yaml', 'fleets/tenants/b/vm.yml']],
    ['../tenants/a/vm.yaml', ['fleets/tenants/a/vm.yaml']],
    ['./../tenants//a/./*.yaml', ['fleets/tenants/a/vm.yaml']],
    ['../tenants/.git/*.yaml', ['fleets/tenants/.git/vm.yaml']],
    ['../tenants/**/vm-?.yaml', ['fleets/tenants/a/deep/er/vm-2.yaml']],
    ['../tenants/a', []],
    ['../nowhere/**', []],
    ['', []],
  ])('%s', (pattern, expected) => {
    expect(filesMatching(store(), 'fleets/lab', pattern)).toEqual(expected);
  });

  it('are all of a folder', () => {
    expect(filesBelow(store(), 'fleets/tenants', /\.ya?ml$/)).toEqual([
      'fleets/tenants/a/deep/er/vm-2.yaml',
      'fleets/tenants/a/vm.yaml',
      'fleets/tenants/b/vm.yml',
    ]);
    expect(filesBelow(store(), 'nowhere', /./)).toBeUndefined();
  });

  it('end, also where a link leads back up', () => {
    const loop = new TextStore({ readText: () => '', listFolder: () => ['again'] });

    expect(filesMatching(loop, '', '**/*.yaml')).toEqual([]);
    expect(filesBelow(loop, 'x', /\.yaml$/)).toEqual([]);
  });
});

describe('a segment of a pattern', () => {
  it.each([
    ['*', '', true],
    ['*', 'vm.yaml', true],
    ['*.yaml', 'vm.yaml', true],
    ['*.yaml', 'vm.yml', false],
    ['a*b*c', 'aXbXc', true],
    ['a*b*c', 'aXbX', false],
    ['?', '', false],
    ['a.c', 'abc', false],
    ['[a]', '[a]', true],
  ])('%s and %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it('is compared fast, whatever stands in it', () => {
    const started = performance.now();
    matches(`${'*a'.repeat(500)}b`, 'a'.repeat(5000));

    expect(performance.now() - started).toBeLessThan(500);
  });
});
