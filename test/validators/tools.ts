import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support/lab';

/** Somebody else's program, or why it cannot be had. */
export type Tool = { readonly path: string } | { readonly missing: string };

/** What a validator said. */
export interface Verdict {
  readonly status: number | null;
  /** Both of its streams. */
  readonly text: string;
}

/** A program of the search path, or of the folders of root. */
export function installed(command: string, debianPackage: string): Tool {
  const { status, stdout } = spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin:/sbin command -v "$0"', command], {
    encoding: 'utf8',
  });
  return status === 0 ? { path: stdout.trim() } : { missing: `${command}: apt-get install ${debianPackage}` };
}

/** A program that `tools/validators/install.sh` builds, once. */
export function built(name: string): Tool {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'tools/validators/install.sh'), [name], { encoding: 'utf8' });
  return status === 0 ? { path: stdout.trim() } : { missing: stderr.trim().split('\n').pop() ?? name };
}

/** Runs a validator. */
export function run(path: string, args: readonly string[], input?: string): Verdict {
  const { status, stdout, stderr } = spawnSync(path, args, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
  return { status, text: `${stdout}${stderr}` };
}

/**
 * `describe` for tests that need a tool. Where it cannot be had they are skipped and say so; in continuous
 * integration (`CI=true`) that is a failure.
 */
export function describeWith(name: string, tool: Tool, tests: (path: string) => void): void {
  if ('path' in tool) {
    describe(name, () => tests(tool.path));
  } else if (process.env['CI'] === 'true') {
    test(`${name}: can be run`, () => {
      throw new Error(tool.missing);
    });
  } else {
    test.skip(`${name}: skipped, ${tool.missing}`, () => undefined);
  }
}
