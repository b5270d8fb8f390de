import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskAccess } from '../../../src/files';
import { loadManifests } from '../../../src/load';
import { filesBelow, filesMatching } from '../../../src/load/manifests/find-files';
import { TextStore } from '../../../src/load/text-store';
import { memoryFiles } from '../../support/fleet-of';

test('a folder that links back up is looked into once', () => {
  const root = mkdtempSync(join(tmpdir(), 'hostdev-test-'));
  try {
    mkdirSync(join(root, 'a'));
    writeFileSync(join(root, 'vm.yaml'), '');
    writeFileSync(join(root, 'a', 'vm.yaml'), '');
    symlinkSync('..', join(root, 'a', 'up'));
    const expected = [join(root, 'a', 'vm.yaml'), join(root, 'vm.yaml')];
    expect(filesBelow(new TextStore(diskAccess()), root, /\.yaml$/)).toEqual(expected);
    expect(filesMatching(new TextStore(diskAccess()), root, '**/*.yaml')).toEqual(expected);
  } finally {
    rmSync(root, { recursive: true });
  }
});

const VM = (spec: string): string => `
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: build, namespace: ci }
spec: ${spec}
`;
const WHOLE = VM('{ runStrategy: Always, template: { spec: { domain: { devices: {}, memory: { guest: 4Gi } } } } }');
const PATCH = VM('{ template: { metadata: { labels: { team: a } } } }');

test.each([
  ['before', { 'dump/a.yaml': PATCH, 'dump/b.yaml': WHOLE }],
  ['behind', { 'dump/a.yaml': WHOLE, 'dump/b.yaml': PATCH }],
])('a patch for a VM, %s it, is no second VM', (_name, files) => {
  const { fleet, problems } = loadManifests(memoryFiles(files), 'dump');
  expect(problems).toEqual([]);
  expect(fleet?.virtualMachines.map(({ id }) => id)).toEqual(['ci/build']);
});

test('the instance of a VM of which only a patch is there is checked itself', () => {
  const instance = `
apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata:
  name: build
  namespace: ci
  ownerReferences: [{ apiVersion: kubevirt.io/v1, kind: VirtualMachine, name: build, uid: "1" }]
spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`;
  const { fleet } = loadManifests(memoryFiles({ 'dump/a.yaml': PATCH, 'dump/b.yaml': instance }), 'dump');
  expect(fleet?.virtualMachines.map(({ kind }) => kind)).toEqual(['VirtualMachineInstance']);
});
