import { runProgram } from '../../../src/cli/program';
import { GOOD_DUMP, GOOD_HARDWARE } from '../../support/dump';
import { fakeWorld } from '../../support/fake-world';

const BROKEN = {
  ...GOOD_DUMP,
  'dump/cnv/kubevirt.yaml': (GOOD_DUMP['dump/cnv/kubevirt.yaml'] ?? '').replace('"8086:6f54"', '"0x8086:6f54"'),
};

test('a dump in which everything is right is status 0, one with a mistake is status 1', () => {
  expect(runProgram(['check', '--manifests', 'dump'], fakeWorld(GOOD_DUMP))).toBe(0);

  const world = fakeWorld(BROKEN);
  expect(runProgram(['check', '--manifests', 'dump/'], world)).toBe(1);
  expect(world.out()).toContain('error[PCI101]');
  expect(world.out()).toContain('--> dump/cnv/kubevirt.yaml:');
  expect(world.err()).toBe('');
});

test('nothing is not known once release and hardware are said', () => {
  const { 'dump/cnv/kubevirt.yaml': _kubevirt, ...files } = GOOD_DUMP;
  const world = fakeWorld({ ...files, ...GOOD_HARDWARE });
  const args = ['check', '--manifests', 'dump', '--inventory', 'inventory', '--kubevirt', 'v1.6'];
  expect(runProgram(args, world)).toBe(0);
  expect(world.out()).not.toContain('--kubevirt');
  expect(world.out()).not.toContain('--inventory');
});

test('findings of a dump are printed in every format', () => {
  const world = fakeWorld(BROKEN);
  expect(runProgram(['check', '--manifests', 'dump', '--format', 'json'], world)).toBe(1);
  expect((JSON.parse(world.out()) as { diagnostics: unknown[] }).diagnostics).toHaveLength(1);
});

test('a comment in a dump allows a finding in it', () => {
  const path = 'dump/cnv/kubevirt.yaml';
  const text = (GOOD_DUMP[path] ?? '').replace('- Snapshot', '- Snapsot');
  expect(runProgram(['check', '--manifests', 'dump'], fakeWorld({ ...GOOD_DUMP, [path]: text }))).toBe(1);

  const allowed = text.replace('- Snapsot', '- Snapsot # hostdev-allow KUB502: a gate of our own build');
  expect(runProgram(['check', '--manifests', 'dump'], fakeWorld({ ...GOOD_DUMP, [path]: allowed }))).toBe(0);
});

test.each([
  ['a folder that is not there', ['--manifests', 'nowhere'], 'cannot read folder nowhere'],
  ['a fleet beside it', ['fleet.yaml', '--manifests', 'dump'], 'name one of them'],
  ['a release that there is not', ['--manifests', 'dump', '--kubevirt', '0.5'], '--kubevirt "0.5"'],
  ['its options without it', ['--kubevirt', '1.6'], 'go with --manifests'],
])('%s is a wrong invocation', (_case, args, part) => {
  const world = fakeWorld(GOOD_DUMP);
  expect(runProgram(['check', ...args], world)).toBe(2);
  expect(world.err()).toContain(part);
});
