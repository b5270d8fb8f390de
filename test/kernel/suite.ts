import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support/lab';

/** What `tools/kernel/prepare.sh` made. */
export interface Prepared {
  /** The folder with the kernel, the initramfs and the disk. */
  readonly cache: string;
}

/**
 * Makes what the suite boots. Where that is impossible the suite is skipped and says why; in continuous integration
 * (`CI=true`) it fails instead.
 */
function prepare(): Prepared | { readonly missing: string } {
  const { status, stdout, stderr, error } = spawnSync(join(ROOT, 'tools/kernel/prepare.sh'), { encoding: 'utf8' });
  if (status === 0) return { cache: stdout.trim() };
  const [reason = ''] = stderr.trim().split('\n').slice(-1);
  return { missing: error?.message ?? (reason === '' ? `prepare.sh ended with ${String(status)}` : reason) };
}

/** `describe` for tests that boot a machine. */
export function describeKernel(name: string, tests: (prepared: Prepared) => void): void {
  const prepared = prepare();
  if (!('missing' in prepared)) {
    describe(name, () => tests(prepared));
  } else if (process.env['CI'] === 'true') {
    test(`${name}: can be run`, () => {
      throw new Error(prepared.missing);
    });
  } else {
    test.skip(`${name}: skipped, ${prepared.missing}`, () => undefined);
  }
}
