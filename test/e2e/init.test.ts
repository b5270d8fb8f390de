/*
 * `hostdev init` as a newcomer meets it: a repository is made, its two commands are run, and then the steps of its workflow, from the
 * workflow's own text.
 */
import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
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

  it('gives write access to one job, which runs nothing of the pull request, and pins every action by commit', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const writers = Object.entries(workflow.jobs).filter(([, { permissions }]) => permissions !== undefined);
    expect(writers.map(([name, { permissions }]) => [name, permissions])).toEqual([
      ['comment', { 'pull-requests': 'write' }],
    ]);
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    expect(writers.flatMap(([, job]) => job.steps).filter((step) => (step.uses ?? '').includes('checkout'))).toEqual([]);
    expect(runs('comment').filter((run) => /\b(?:npx|npm|node|hostdev) /.test(run.replace(/<!--.*?-->/g, '')))).toEqual(
      [],
    );
    for (const { uses, run, with: given } of steps) {
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      if (uses?.startsWith('actions/checkout') === true) expect(given).toHaveProperty('persist-credentials', false);
      // what a pull request says must come as a variable, never as text of a script
      expect(run ?? '').not.toContain('${{');
    }
  });

  it('runs the same commands on GitLab', () => {
    const commands = (pipeline['check']?.script ?? []).map((line) => line.replace(' --format github', ''));
    expect(commands).toEqual(runs('check').map((line) => line.replace(' --format github', '')));
    expect(pipeline['note']?.variables).toEqual({ GIT_STRATEGY: 'none' });
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

test('the note on a merge request is written once, and replaced from then on', async () => {
  const folder = temporaryFolder();
  hostdev(['init', join(folder, 'lab'), '--yaml']);
  const pipeline = parse(readFileSync(join(folder, 'lab/.gitlab-ci.yml'), 'utf8')) as Pipeline;
  const asked: string[] = [];
  const notes: { id: number; body: string }[] = [{ id: 1, body: 'looks good' }];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['private-token'])}`);
      if (request.method === 'POST') notes.push({ id: 2, ...(JSON.parse(body) as { body: string }) });
      response.end(JSON.stringify(request.method === 'GET' ? notes : {}));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const work = join(folder, 'work');
  mkdirSync(work);
  writeFileSync(join(work, 'plan.md'), '<!-- hostdev plan -->\n\nplan\n');
  const run = (): Promise<number | null> =>
    new Promise((done) => {
      const child = spawn('sh', ['-e', '-c', (pipeline['note']?.script ?? []).join('\n')], {
        cwd: work,
        env: {
          ...process.env,
          CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`,
          CI_PROJECT_ID: '7',
          CI_MERGE_REQUEST_IID: '3',
          PLAN_TOKEN: 'secret',
        },
        stdio: 'ignore',
      });
      child.on('exit', done);
    });
  try {
    expect([await run(), await run()]).toEqual([0, 0]);
  } finally {
    server.close();
  }
  const list = 'GET /api/v4/projects/7/merge_requests/3/notes?per_page=100&sort=desc secret';
  expect(asked).toEqual([
    list,
    'POST /api/v4/projects/7/merge_requests/3/notes secret',
    list,
    'PUT /api/v4/projects/7/merge_requests/3/notes/2 secret',
  ]);
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of request.setEncoding('utf8')) chunks.push(String(chunk));
  return chunks.join('');
}
