// Builds lib/: the library as tsc writes it, and the command as one bundled program (230 small modules cost 50 ms to load) with a
// small file that starts it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const program = join(root, 'lib', 'hostdev.program.js');
const command = join(root, 'lib', 'hostdev.cjs');
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};

rmSync(join(root, 'lib'), { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
await build({
  ...shared,
  entryPoints: ['src/cli/bin.ts'],
  outfile: program,
  // read again only for texts that the event reader refuses
  external: ['yaml', 'tsx', 'cdk8s', 'cdk8s-plus-28', 'constructs'],
  // src/cli/launch.ts calls it
  banner: { js: '(function (require, __dirname) {' },
  footer: { js: '})' },
});
await build({
  ...shared,
  entryPoints: ['src/cli/launch.ts'],
  outfile: command,
  define: { PROGRAM_HASH: JSON.stringify(sha256(program).slice(0, 16)) },
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync(command, 0o755);
// keeps the compiled form of what a check calls
execFileSync(command, ['check', 'examples/lab/fleet.yaml'], { cwd: root, stdio: 'ignore' });

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
