// Builds lib/: the library and the command as one bundled program each, and a small file that starts the command. Hundreds of small
// modules cost a program 300 ms to load, and each call from one to another goes through an object of exports.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const run = promisify(execFile);
const program = join(root, 'lib', 'hostdev.program.js');
const command = join(root, 'lib', 'hostdev.cjs');
const bundled = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
};
const shared = { ...bundled, minifySyntax: true, minifyWhitespace: true, legalComments: 'none' };
/** What the package exports; together in one file, since both are about the same classes. */
const ENTRY_POINTS = ['index', 'testing'];

rmSync(join(root, 'lib'), { recursive: true, force: true });
// beside the rest; `npm run types` judges the types, and a build that did too would take twice as long
const declarations = run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
}).catch((error) => {
  process.stderr.write(`${error.stdout}${error.stderr}`);
  process.exitCode = 1;
});
await build({
  ...bundled,
  stdin: {
    contents: ENTRY_POINTS.map((name) => `export * as ${name} from './src/${name}';`).join('\n'),
    resolveDir: root,
  },
  packages: 'external',
  outfile: join(root, 'lib', 'library.js'),
});
for (const name of ENTRY_POINTS) {
  // one line for each name: Node finds no others when an ES module imports them
  const names = Object.keys(require(join(root, 'lib', 'library.js'))[name]);
  const lines = names.map((exported) => `exports.${exported} = ${name}.${exported};`);
  const text = ["'use strict';", `const { ${name} } = require('./library.js');`, ...lines, ''].join('\n');
  writeFileSync(join(root, 'lib', `${name}.js`), text);
}
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
await declarations;

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
