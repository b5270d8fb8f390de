import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { hostdev, readTree } from '../support/hostdev';
import { ROOT, temporaryFolder } from '../support/lab';

const committed = readTree(join(ROOT, 'dist'));

test('the lab has no finding above info', () => {
  const run = hostdev(['check', 'examples/lab/fleet.yaml', '--format', 'json', '--strict']);
  expect(run.status).toBe(0);
  const report = JSON.parse(run.stdout) as { diagnostics: { severity: string }[] };
  expect(new Set(report.diagnostics.map(({ severity }) => severity))).toEqual(new Set(['info']));
});

test('dist/ is what the lab compiles to', () => {
  const run = hostdev(['synth', 'examples/lab/fleet.yaml', '-o', 'dist', '--check']);
  expect(run.stdout).toContain('all as they would be written');
  expect(run.status).toBe(0);
});

test('the constructs compile to the same bytes', () => {
  const out = temporaryFolder();
  const run = hostdev(['synth', 'examples/lab/main.ts', '-o', out]);
  expect(run.status).toBe(0);
  expect(readTree(out)).toEqual(committed);
});

test.each([
  ['another time zone', { TZ: 'Pacific/Kiritimati' }],
  ['a Turkish locale', { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }],
])('%s changes no byte', (_case, env) => {
  const out = temporaryFolder();
  hostdev(['synth', 'examples/lab/fleet.yaml', '-o', out], { env });
  expect(readTree(out)).toEqual(committed);
});

test('input maps in another order change no byte', () => {
  const folder = temporaryFolder();
  cpSync(join(ROOT, 'examples', 'lab'), folder, { recursive: true });
  const fleet: unknown = parse(readFileSync(join(folder, 'fleet.yaml'), 'utf8'));
  writeFileSync(join(folder, 'fleet.yaml'), stringify(reversed(fleet), { version: '1.1' }));
  const run = hostdev(['synth', 'fleet.yaml', '-o', 'out'], { cwd: folder });
  expect(run.status).toBe(0);
  expect(readTree(join(folder, 'out'))).toEqual(committed);
});

test('`cdk8s synth` gives the same bytes', () => {
  const folder = temporaryFolder();
  const run = hostdevApp(folder);
  expect(run).toEqual(committed);
});

test('the vendor plugin runs on exactly the nodes of its device, with a selector that stays', () => {
  const out = temporaryFolder();
  const run = hostdev(['synth', 'examples/vendor-plugin/main.ts', '-o', out]);
  expect(run.status).toBe(0);
  const daemonSet = parse(readTree(out)['device-plugins/daemonset.acme-device-plugin.yaml'] ?? '') as {
    spec: { selector: unknown; template: { spec: Record<string, unknown> } };
  };
  expect(JSON.stringify(daemonSet.spec.template.spec['affinity'])).toContain('["worker-a","worker-b"]');
  expect(JSON.stringify(daemonSet.spec.selector)).not.toContain('cdk8s.io/metadata.addr');
  expect(daemonSet.spec.template.spec['tolerations']).toContainEqual({
    key: 'acme.example.com/accelerator',
    operator: 'Exists',
    effect: 'NoSchedule',
  });
});

test('on OpenShift Virtualization the configuration goes into HyperConverged, with what is there of others', () => {
  const out = temporaryFolder();
  const run = hostdev(['synth', 'examples/openshift-hco/fleet.yaml', '-o', out]);
  expect(run.status).toBe(0);
  const tree = readTree(out);
  const object = 'kubevirt/hyperconverged.kubevirt-hyperconverged.yaml';
  expect(Object.keys(tree).filter((path) => path.startsWith('kubevirt/'))).toEqual([
    object.replace(/[^/]*$/, 'component/kustomization.yaml'),
    object,
    'kubevirt/kustomization.yaml',
  ]);
  expect(tree[object]).toMatchGolden('e2e/openshift-hco.yaml');
});

/** What FleetApp writes by itself when cdk8s-cli runs the app. */
function hostdevApp(folder: string): Record<string, string> {
  const out = join(folder, 'dist');
  mkdirSync(out);
  const run = spawnSync(process.execPath, ['-r', 'tsx/cjs', 'examples/lab/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, CDK8S_OUTDIR: out },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  return readTree(out);
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
