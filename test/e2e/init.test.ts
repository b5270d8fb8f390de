/*
 * `hostdev init` as a newcomer meets it: a repository is made, its two commands are run, and then the steps of its workflow, from the
 * workflow's own text.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { hostdev, readTree } from '../support/hostdev';
import { ROOT, temporaryFolder } from '../support/lab';
import { linkPackages } from '../support/project';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Pipeline {
  readonly [job: string]: {
    readonly script?: readonly string[];
    readonly variables?: Readonly<Record<string, unknown>>;
  };
}

const DOORS = [
  ['constructs', []],
  ['YAML', ['--yaml']],
] as const;

/** What each of them compiles to. */
const outputs = new Map<string, Record<string, string>>();

describe.each(DOORS)('a new repository of %s', (door, options) => {
  const folder = join(temporaryFolder(), 'My Fleet');
  const made = hostdev(['init', folder, ...options]);
  linkPackages(folder);
  const workflow = parse(readFileSync(join(folder, '.github/workflows/fleet.yaml'), 'utf8')) as Workflow;
  const pipeline = parse(readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8')) as Pipeline;
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly scripts: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };

  /** Runs text of a workflow or a script of package.json, with the commands that `npm` and `npx` would find. */
  const shell = (text: string, env: Record<string, string> = {}): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', text.replace(/\bnpx (?:-- )?/g, '')], {
      cwd: folder,
      env: {
        ...process.env,
        ...env,
        NO_COLOR: '1',
        PATH: `${join(folder, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      },
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };
  const runs = (job: string): string[] =>
    (workflow.jobs[job]?.steps ?? []).flatMap(({ run }) => (run === undefined || run === 'npm ci' ? [] : [run]));

  it('says what it wrote and what comes next', () => {
    expect(made.stderr).toBe('');
    expect(made.status).toBe(0);
    expect(made.stdout).toContain('wrote');
    expect(made.stdout).toContain('npm install && npm run synth');
  });

  it('is named after its folder, and pins what this package is tested with', () => {
    const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly version: string;
      readonly devDependencies: Readonly<Record<string, string>>;
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(manifest.name).toBe('my-fleet');
    const { 'cdk8s-hostdev': ours, ...others } = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(ours).toBe(own.version);
    expect({ ...own.devDependencies, ...own.dependencies }).toMatchObject(others);
    expect(Object.values(others).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('synthesises, and dist/ is not ignored', () => {
    const run = shell(manifest.scripts['synth'] ?? '');
    expect(run).toMatchObject({ status: 0 });
    expect(run.output).not.toMatch(/error\[|warning\[/);
    const tree = readTree(join(folder, 'dist'));
    outputs.set(door, tree);
    expect(tree).toHaveProperty(['virtual-machines/default/virtualmachine.render-1.yaml']);
    shell('git init -q -b main .');
    expect(shell('git check-ignore dist/fleet.json package-lock.json').status).toBe(1);
    expect(shell('git check-ignore node_modules').status).toBe(0);
  });

  it('passes the check job of its workflow, `npm test` among it', () => {
    const steps = runs('check').map((run) => (run === 'npm test' ? (manifest.scripts['test'] ?? '') : run));
    expect(steps).toHaveLength(3);
    expect(steps.map((step) => shell(step)).filter(({ status }) => status !== 0)).toEqual([]);
  });

  it('plans a change against the branch that it goes to, by the text of its workflow', () => {
    const [, script = ''] = /(base=HEAD\^1[\s\S]*)/.exec(runs('plan').join('\n')) ?? [];
    const planned = (accepted = '') => {
      const { status } = shell(script.split('\ncat plan.md')[0] ?? '', { ACCEPTED: accepted });
      return { status, text: readFileSync(join(folder, 'plan.md'), 'utf8') };
    };
    const git = 'git -c user.name=a -c user.email=a@example.com';
    shell(`${git} commit -q --allow-empty -m empty && git add -A && ${git} commit -q -m first`);

    // the branch has no dist/ yet: everything is new, and its nodes reboot
    const first = planned();
    expect(first.status).toBe(3);
    expect(first.text).toContain('reboots-nodes');

    shell(`git add -A && ${git} commit -q --allow-empty -m second`);
    expect(planned()).toMatchObject({ status: 0, text: expect.stringContaining('no changes') as string });

    const file = door === 'YAML' ? 'fleet.yaml' : 'src/fleet.ts';
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replaceAll('TU104GL_Tesla_T4', 'T4'));
    const renamed = planned();
    const accepted = planned((renamed.text.match(/--allow [a-z-]+/g) ?? []).join(' '));
    writeFileSync(join(folder, file), text);
    expect(renamed.status).toBe(3);
    expect(renamed.text).toContain('nvidia.com/T4');
    expect(accepted.status).toBe(0);
    shell('rm plan.md');
  });

  it('fails that job when dist/ is not what the fleet compiles to', () => {
    const file = join(folder, 'dist/kubevirt/kubevirt.kubevirt.yaml');
    const text = readFileSync(file, 'utf8');
    appendFileSync(file, '# by hand\n');
    const run = shell(runs('check').find((step) => step.includes('--check')) ?? '');
    writeFileSync(file, text);
    expect(run.status).toBe(1);
    expect(run.output).toContain('different dist/kubevirt/kubevirt.kubevirt.yaml');
  });

  it('tests that can fail', () => {
    const [file, part, other] =
      door === 'YAML' ? ['fleet.yaml', 'TU104GL_Tesla_T4', 'T4'] : ['src/fleet.ts', 'TU104GL_Tesla_T4', 'T4'];
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), text.replace(part, other));
    // what the compiler says of types is not in question
    const run = shell((manifest.scripts['test'] ?? '').replace('tsc && ', ''));
    writeFileSync(join(folder, file), text);
    expect(run.status).not.toBe(0);
    expect(run.output).toContain('nvidia.com/T4');
  });

  it('runs code of a pull request with rights to read alone, and pins every action by commit', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { permissions, steps } of Object.values(workflow.jobs)) {
      if (permissions === undefined) continue;
      // a job that may write has nothing of the change to run
      expect(permissions).toEqual({ 'pull-requests': 'write' });
      expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout') === true)).toEqual([]);
      expect(steps.map(({ run = '' }) => run).filter((run) => /\b(?:npm|npx|node)\b/.test(run))).toEqual([]);
    }
    for (const { uses, run, with: given } of Object.values(workflow.jobs).flatMap((job) => job.steps)) {
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      if (uses?.startsWith('actions/checkout') === true) expect(given).toHaveProperty('persist-credentials', false);
      // what a pull request says must come as a variable, never as text of a script
      expect(run ?? '').not.toContain('${{');
    }
  });

  it('runs the same commands on GitLab', () => {
    const commands = (pipeline['check']?.script ?? []).map((line) => line.replace(' --format github', ''));
    expect(commands).toEqual(runs('check').map((line) => line.replace(' --format github', '')));
    const [, ...plan] = (pipeline['plan']?.script ?? []).join('\n').split('\n');
    expect(runs('plan').join('\n')).toContain(plan.join('\n').trim());
  });

  it('writes nothing over what is there', () => {
    const before = readTree(join(folder, 'test'));
    const again = hostdev(['init', folder, ...options]);
    expect(again.status).toBe(2);
    expect(again.stdout).toBe('');
    expect(again.stderr).toContain('nothing was written');
    expect(readTree(join(folder, 'test'))).toEqual(before);
  });
});

test('both doors make the same output', () => {
  expect(outputs.get('constructs')).toEqual(outputs.get('YAML'));
});

// a Boolean of YAML 1.1, which is what most tools in a cluster's chain still read
test('a repository in a folder called y is checked clean, as strictly as its workflow does', () => {
  const folder = join(temporaryFolder(), 'y');
  expect(hostdev(['init', folder, '--yaml']).status).toBe(0);
  linkPackages(folder);

  expect(hostdev(['check', join(folder, 'fleet.yaml'), '--strict'])).toMatchObject({ status: 0 });
});
