import { runProgram } from '../../../src/cli/program';
import { version } from '../../../src/version';
import manifest from '../../../package.json';
import { fakeWorld } from '../../support/fake-world';

const GOOD = `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: '1.6' } }
`;
const BAD = `${GOOD}  devices:
    qat: { pci: ['8086:6f5'], resourceName: intel.com/qat }
`;

test('the version is the package’s', () => {
  expect(version).toBe(manifest.version);
  const world = fakeWorld();
  expect(runProgram(['--version'], world)).toBe(0);
  expect(world.out()).toBe(`${manifest.version}\n`);
});

test.each([
  ['an unknown command', ['frob'], "unknown command 'frob'"],
  ['an unknown option', ['check', '--strikt'], '--strict'],
  ['a format that there is not', ['check', '--format', 'xml'], 'xml'],
  ['a file that cannot be read', ['check', 'no.yaml'], 'cannot read no.yaml'],
  ['a rule that there is not', ['explain', 'pci/duplicate-selektor'], 'duplicate-selektor'],
  ['an import without a source', ['import', '--node', 'n'], 'source'],
])('%s is a wrong invocation: status 2, one reason on stderr, nothing on stdout', (_case, args, part) => {
  const world = fakeWorld();
  expect(runProgram(args, world)).toBe(2);
  expect(world.err()).toContain(part);
  expect(world.out()).toBe('');
});

test('a good fleet is status 0, one with errors is status 1', () => {
  const world = fakeWorld({ 'fleet.yaml': GOOD, 'bad.yaml': BAD });
  expect(runProgram(['check'], world)).toBe(0);
  expect(runProgram(['check', 'bad.yaml'], world)).toBe(1);
  expect(world.out()).toContain('error[PCI101]');
});

test('warnings fail with --strict only', () => {
  const fleet = GOOD.replace("version: '1.6'", "version: '1.6', featureGates: [on]");
  const world = fakeWorld({ 'fleet.yaml': fleet });
  expect(runProgram(['check'], world)).toBe(0);
  expect(world.out()).toContain('warning[');
  expect(runProgram(['check', '--strict'], world)).toBe(1);
});

test('a folder stands for the fleets in it, without those that others include', () => {
  const world = fakeWorld({
    'fleets/a.yaml': `${GOOD}  include: [shared.yaml]\n`,
    'fleets/b.yaml': BAD.replace('name: lab', 'name: b'),
    'fleets/shared.yaml':
      'apiVersion: hostdev/v1alpha1\nkind: Fleet\nspec:\n  devices:\n    x: { pci: ["8086:0001"] }\n',
    'fleets/README.md': 'kind: Fleet',
  });
  expect(runProgram(['check', 'fleets', '--format', 'json'], world)).toBe(1);
  const report = JSON.parse(world.out()) as { diagnostics: { file?: string }[] };
  expect(JSON.stringify(report)).toContain('fleets/b.yaml');
  expect(JSON.stringify(report)).not.toContain('not-a-fleet');
});

test('colour is a matter of the terminal, the environment and the option', () => {
  const coloured = (options: readonly string[], overrides: Parameters<typeof fakeWorld>[1]): boolean => {
    const world = fakeWorld({ 'fleet.yaml': BAD }, overrides);
    runProgram(['check', ...options], world);
    return world.out().includes('\u001b[');
  };
  expect(coloured([], { isTerminal: true })).toBe(true);
  expect(coloured([], { isTerminal: false })).toBe(false);
  expect(coloured([], { isTerminal: true, env: { NO_COLOR: '1' } })).toBe(false);
  expect(coloured([], { isTerminal: false, env: { FORCE_COLOR: '1' } })).toBe(true);
  expect(coloured(['--color', 'always'], { env: { NO_COLOR: '1' } })).toBe(true);
  expect(coloured(['--color', 'never'], { isTerminal: true })).toBe(false);
});

test('a bug of ours is status 70 and asks for a report', () => {
  const world = fakeWorld(
    {},
    {
      files: {
        readText: () => {
          throw new Error('broken disk driver');
        },
        listFolder: () => undefined,
      },
    },
  );
  expect(runProgram(['check'], world)).toBe(70);
  expect(world.err()).toMatch(/a bug of hostdev's own \([0-9a-f]{12}\)/);
});

describe('an app', () => {
  test('that ends without synth is status 2', () => {
    const world = fakeWorld({ 'main.js': '' }, { run: () => 0 });
    expect(runProgram(['check', 'main.js'], world)).toBe(2);
    expect(world.err()).toContain('ended without `synth()`');
  });

  test('that fails is status 2 and says with what', () => {
    const world = fakeWorld({ 'main.js': '' }, { run: () => 3 });
    expect(runProgram(['check', 'main.js'], world)).toBe(2);
    expect(world.err()).toContain('ended with status 3');
  });

  test('named by cdk8s.yaml is run as that says', () => {
    const ran: (readonly string[])[] = [];
    const world = fakeWorld(
      { 'main.ts': '', 'cdk8s.yaml': 'language: typescript\napp: npx ts-node ./main.ts\n' },
      {
        run: (command, args) => {
          ran.push([command, ...args]);
          return 0;
        },
      },
    );
    runProgram(['check', 'main.ts'], world);
    expect(ran).toEqual([['/bin/sh', '-c', 'npx ts-node ./main.ts']]);
  });
});

test('the schema is the file of the package', () => {
  const world = fakeWorld(
    {},
    {
      files: {
        readText: (path) => (path.endsWith('schema/fleet.schema.json') ? '{}' : undefined),
        listFolder: () => undefined,
      },
    },
  );
  expect(runProgram(['schema'], world)).toBe(0);
  expect(world.out()).toBe('{}');
});
