import { runProgram } from '../../../src/cli/program';
import { fakeWorld, type FakeWorld } from '../../support/fake-world';

const FLEET = `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster:
    nodePlatform: openshift
    kubevirt: { version: "1.6", featureGates: [GPUsWithDRA] }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: none }
  virtualMachines:
    train:
      kind: VirtualMachinePool
      replicas: 1
      gpus: [{ name: gpu1, device: t4 }]
      spec:
        domain: { devices: {}, memory: { guest: 4Gi } }
`;

function checked(args: readonly string[], fleet = FLEET): FakeWorld & { readonly status: number } {
  const world = fakeWorld({ 'fleet.yaml': fleet });
  return { ...world, status: runProgram(['check', ...args], world) };
}

test('says per release what appears, goes, and changes', () => {
  const { status, out, err } = checked(['--kubevirt', '1.5..1.9']);
  expect([status, err()]).toEqual([0, '']);
  expect(out()).toMatchGolden('cli/check-upgrade.txt');
});

test('says the same to programs', () => {
  const { steps } = (
    JSON.parse(checked(['--kubevirt', '1.5..1.7', '--format', 'json']).out()) as {
      fleets: [{ steps: { from: string; to: string; going: { code: string }[]; objects: unknown }[] }];
    }
  ).fleets[0];
  expect(steps.map(({ from, to }) => `${from} ${to}`)).toEqual(['1.5 1.6', '1.6 1.7']);
  // 1.5 does not know the gate
  expect(steps[0]?.going.map(({ code }) => code)).toEqual(['KUB502']);
  expect(steps[0]?.objects).toBeNull();
  expect(steps[1]?.objects).toEqual([
    { path: 'virtual-machines/default/virtualmachinepool.train.yaml', kind: 'changed', fields: ['/apiVersion'] },
  ]);
});

test('fails for what the last release has, not for what is on the way', () => {
  expect(checked(['--kubevirt', '1.5..1.6']).status).toBe(0);
  expect(checked(['--kubevirt', '1.5..1.9'], FLEET.replace('t4 }]', 't5 }]')).status).toBe(1);
});

test('shows what is wrong with a document that makes no model', () => {
  const { status, out } = checked(['--kubevirt', '1.5..1.9'], 'kind: Fleet\n');
  expect(status).toBe(1);
  expect(out()).toContain('error[');
});

test.each([
  ['a range that goes down', ['--kubevirt', '1.9..1.8']],
  ['an unknown release', ['--kubevirt', '1.3..1.8']],
  ['one release', ['--kubevirt', '1.8']],
  ['a format without a form for it', ['--kubevirt', '1.5..1.8', '--format', 'sarif']],
])('%s is a wrong invocation', (_case, args) => {
  expect(checked(args).status).toBe(2);
});
