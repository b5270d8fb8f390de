import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../src/cli/program';
import type { World } from '../../../src/cli/world';
import { fakeWorld, type FakeWorld } from '../../support/fake-world';
import { compiledFrom } from '../../support/plan-of';
import { labFiles } from '../plan/plans';

const LAB = labFiles();
const DIST = Object.fromEntries([...compiledFrom(LAB).files].map(([path, text]) => [`dist/${path}`, text]));
const CHANGED = {
  ...LAB,
  'fleet.yaml': (LAB['fleet.yaml'] ?? '').replace(
    'maxUnavailable: 1',
    'maxUnavailable: 1\n      kernelArguments: [nosmt]',
  ),
};

function planned(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  overrides: Partial<World> = {},
): FakeWorld & { readonly status: number } {
  const world = fakeWorld(files, overrides);
  const status = runProgram(['plan', ...args], world);
  return { ...world, status };
}

describe('hostdev plan against a folder', () => {
  it('has nothing to say where nothing changes', () => {
    const { status, out } = planned({ ...LAB, ...DIST }, ['--against', 'dist']);

    expect(out()).toContain('no changes');
    expect(status).toBe(0);
  });

  it('ends with 3 until every hazard is allowed', () => {
    const files = { ...CHANGED, ...DIST };

    expect(planned(files, ['--against', 'dist']).status).toBe(3);
    expect(planned(files, ['--against', 'dist', '--allow', 'reboots-nodes']).status).toBe(3);
    expect(
      planned(files, ['--against', 'dist', '--allow', 'reboots-nodes', '--allow', 'stops-virtual-machines']).status,
    ).toBe(0);
  });

  it('takes the folder of the baseline itself', () => {
    expect(planned({ ...LAB, ...DIST }, ['--against', 'dist/baseline']).out()).toContain('no changes');
  });

  it('plans from nothing', () => {
    const { status, out } = planned(LAB, ['--against', 'none', '--format', 'json']);
    const { plans } = JSON.parse(out()) as { plans: { counts: { added: number; removed: number } }[] };

    expect(plans[0]?.counts.added).toBeGreaterThan(10);
    expect(plans[0]?.counts.removed).toBe(0);
    expect(status).toBe(3);
  });

  it('compares with live objects where there is no baseline', () => {
    const live = Object.fromEntries(
      Object.entries(DIST).flatMap(([path, text]) =>
        /^dist\/(?:node-prep|kubevirt\/kubevirt)/.test(path) ? [[path.replace('dist/', 'live/'), text]] : [],
      ),
    );
    const { status, out, err } = planned({ ...LAB, ...live }, ['--against', 'live', '--format', 'json']);
    const { plans } = JSON.parse(out() || err()) as {
      plans: { counts: { nodesRebooting: number }; from: { origin: string } }[];
    };

    expect(plans[0]?.from.origin).toBe('live');
    expect(plans[0]?.counts.nodesRebooting).toBe(0);
    expect(status).toBe(0);
  });
});

describe('what is refused with status 2', () => {
  test.each([
    ['a name that is near', ['--against', 'dist', '--allow', 'reboot-nodes'], 'there is reboots-nodes'],
    ['a folder without anything', ['--against', 'inventory'], 'holds neither baseline/cluster.json nor objects'],
    ['an option for a commit', ['--against=--upload-pack=x'], 'begins with a dash'],
    ['no such thing', ['--against', 'nowhere'], 'no git to look it up'],
    ['blanks', ['--against', 'a b'], 'neither a folder nor a commit'],
    ['nothing to compare with', [], "required option '--against"],
  ])('%s', (_name, args, complaint) => {
    const { status, err } = planned({ ...LAB, ...DIST }, args);

    expect(err()).toContain(complaint);
    expect(status).toBe(2);
  });

  it('a baseline that is none', () => {
    const { status, err } = planned({ ...LAB, 'old/baseline/cluster.json': '{}' }, ['--against', 'old']);

    expect(err()).toContain('another release of hostdev wrote it');
    expect(status).toBe(2);
  });
});

test('a fleet with errors has no plan', () => {
  const broken = { ...LAB, ...DIST, 'fleet.yaml': (LAB['fleet.yaml'] ?? '').replace("'10de:1eb8'", "'10de'") };
  const { status, out, err } = planned(broken, ['--against', 'dist']);

  expect(out()).toBe('');
  expect(err()).toContain('no plan of a fleet with errors');
  expect(status).toBe(1);
});

describe('a fleet with errors, as Markdown', () => {
  const broken = (edit: (text: string) => string): FakeWorld & { readonly status: number } =>
    planned({ ...LAB, ...DIST, 'fleet.yaml': edit(LAB['fleet.yaml'] ?? '') }, [
      '--against',
      'dist',
      '--format',
      'markdown',
    ]);

  // a comment that is not replaced shows the plan of an earlier push, and an empty one is refused
  it('says on the pull request that there is no plan, and why', () => {
    const { status, out, err } = broken((text) => text.replace("'10de:1eb8'", "'10de'"));

    expect(out()).toMatch(
      /^### No plan of fleet.yaml: it has errors\n\n\*\*1 error\*\*\n\n- \*\*error [A-Z]{3}\d+\*\*: \S.*\n$/,
    );
    expect(err()).toContain('no plan of a fleet with errors');
    expect(status).toBe(1);
  });

  it.each([
    [['--against', 'dist', '--allow', 'reboot<b>s-nodes'], 'reboot&#60;b&#62;s-nodes&#34;&#58; no hazard is called so'],
    [['--against', 'nowhere'], 'nowhere is no folder, and there is no git'],
  ])('says of a call that cannot be made that there is no plan, and why: %j', (args, reason) => {
    const { status, out, err } = planned({ ...LAB, ...DIST }, [...args, '--format', 'markdown']);

    expect(out()).toMatch(/^### No plan of fleet.yaml\n\n.*\n$/);
    expect(out()).toContain(reason);
    expect(err()).toMatch(/^hostdev: .*\n$/);
    expect(status).toBe(2);
  });

  it('shows twenty, and means by none of them anything but text', () => {
    const { out } = broken((text) =>
      text.replace(
        '  devices:\n',
        `  devices:\n${'0'.repeat(30).replace(/0/g, (_, i) => `    "<b>@a${i}": { pci: [x] }\n`)}`,
      ),
    );
    const lines = out().split('\n');

    expect(lines.filter((line) => line.startsWith('- **error '))).toHaveLength(20);
    expect(lines).toContainEqual(expect.stringMatching(/^- and \d+ more errors$/));
    expect(out()).not.toMatch(/[<>@]/);
  });
});

describe('hostdev plan against a commit', () => {
  let folder = '';
  const git = (...args: string[]): void => {
    const done = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(done.stderr);
  };
  const capture: World['capture'] = (command, args, input) => {
    const done = spawnSync(command, args, { cwd: folder, input });
    return { status: done.status ?? 1, output: done.stdout, complaint: done.stderr.toString() };
  };
  const commit = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      spawnSync('mkdir', ['-p', join(file, '..')]);
      spawnSync('tee', [file], { input: text });
    }
    git('add', '-A');
    git('commit', '-qm', 'x', '--allow-empty');
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostdev-plan-'));
    git('init', '-q', '-b', 'main');
    commit({});
    git('tag', 'before');
    commit(Object.fromEntries(Object.entries(DIST).filter(([path]) => path.includes('/baseline/'))));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads what was committed, and runs nothing of it', () => {
    const { status, out } = planned(LAB, ['--against', 'main'], { capture });

    expect(out()).toBe('plan: main -> fleet.yaml (fleet lab)\n\nno changes\n');
    expect(status).toBe(0);
  });

  it('says where there was no baseline yet', () => {
    const { status, err } = planned(LAB, ['--against', 'before'], { capture });

    expect(err()).toContain('before has no dist/baseline/cluster.json');
    expect(err()).toContain('--against none');
    expect(status).toBe(2);
  });

  test.each(['nowhere', 'main..before', ':/x', 'HEAD:dist'])('refuses %s', (ref) => {
    const { status, err } = planned(LAB, ['--against', ref], { capture });

    expect(err()).toContain('neither a folder nor a commit');
    expect(status).toBe(2);
  });
});
