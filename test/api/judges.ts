import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeVirtRelease } from '../../src/kubevirt';
import { ROOT } from '../support/lab';

/** Somebody else's code as a program, or why it cannot be had. */
export type Judge = { readonly path: string } | { readonly missing: string };

/** The API server's code. */
export function apiServer(): Judge {
  return build('server', 'server', []);
}

/** KubeVirt's admission code as one release has it. */
export function kubeVirtAdmission(release: KubeVirtRelease): Judge {
  const tag = `kubevirt_${release.replace('.', '_')}`;
  return build('kubevirt', `kubevirt-${release}`, [`-modfile=release-${release}.mod`, '-tags', tag]);
}

/** Runs a judge over what it reads, and gives what it wrote. */
export function run(path: string, args: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(path, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    // KubeVirt's log is no part of a verdict
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${path} ${args.join(' ')}: ${stderr.slice(-2000)}`);
  return stdout;
}

/** Sends cases a line each, and reads a verdict a line. */
export function verdicts<Verdict extends { readonly id: string }>(
  path: string,
  args: readonly string[],
  cases: readonly { readonly id: string }[],
): Map<string, Verdict> {
  const lines = run(path, args, cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const said = lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Verdict);
  return new Map(said.map((verdict) => [verdict.id, verdict]));
}

/** Go's own cache makes a second build a matter of seconds. */
function build(module: string, name: string, flags: readonly string[]): Judge {
  const cwd = join(ROOT, 'test', 'api', module);
  const folder = join(ROOT, '.cache', 'api');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const go = (args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync('go', args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        PATH: `${process.env['PATH'] ?? ''}:/usr/local/go/bin`,
        CGO_ENABLED: '0',
        GOFLAGS: '-mod=readonly -buildvcs=false',
        GOTOOLCHAIN: 'local',
      },
    });
  const version = go(['version']);
  if (version.error !== undefined) return { missing: `${name}: no Go to build it with` };
  // fetches what is to be compiled, so that a module that cannot be had is told from code that does not compile
  const listed = go(['list', '-deps', ...flags, '.']);
  if (listed.status !== 0) return { missing: `${name}: ${lastLine(String(listed.stderr))}` };
  const built = go(['build', '-p', '2', '-ldflags=-s -w', ...flags, '-o', path, '.']);
  if (built.status !== 0) throw new Error(`${name} does not compile: ${String(built.stderr).slice(-4000)}`);
  return { path };
}

function lastLine(text: string): string {
  return text.trim().split('\n').pop() ?? '';
}
