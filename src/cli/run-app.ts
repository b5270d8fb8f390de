import { dirname, join } from 'node:path';
import { parseAppResult, RESULT_VARIABLE, type AppFleet } from '../compile';
import { withTemporaryFile } from '../files';
import { UsageError } from './usage-error';
import type { World } from './world';

/**
 * Runs a program that declares fleets and takes what its `FleetApp.synth()` compiled.
 *
 * TypeScript is run through tsx; when cdk8s.yaml's `app:` names the file, that command is run, so that the user's own runner
 * and options hold.
 *
 * @throws UsageError when the program fails or ends without `synth()`.
 */
export function runApp(world: World, path: string): AppFleet[] {
  if (world.files.readText(join(world.cwd, path)) === undefined) throw new UsageError(`cannot read ${path}`);
  return withTemporaryFile('hostdev-result', (file) => {
    const { command, args } = commandFor(world, path);
    const status = world.run(command, args, { [RESULT_VARIABLE]: file });
    if (status !== 0) throw new UsageError(`${path} ended with status ${status}`);
    const text = world.files.readText(file);
    const fleets = text === undefined || text === '' ? undefined : parseAppResult(text);
    if (fleets?.length === 0) throw new UsageError(`${path} declares no fleet`);
    if (fleets !== undefined) return fleets;
    throw new UsageError(`${path} ended without \`synth()\` of a FleetApp`);
  });
}

function commandFor(world: World, path: string): { readonly command: string; readonly args: readonly string[] } {
  const declared = declaredApp(world, path);
  if (declared !== undefined) return { command: '/bin/sh', args: ['-c', declared] };
  const file = join(world.cwd, path);
  if (!/\.[cm]?ts$/.test(path)) return { command: process.execPath, args: [file] };
  return { command: process.execPath, args: ['-r', tsxFrom(file), file] };
}

/** The project's own tsx, or the one that came with this package. */
function tsxFrom(file: string): string {
  try {
    return require.resolve('tsx/cjs', { paths: [dirname(file), __dirname] });
  } catch {
    throw new UsageError('to run a TypeScript app, install tsx beside it: npm install --save-dev tsx');
  }
}

/** `app:` of the cdk8s.yaml in the working folder, when it is about this file. */
function declaredApp(world: World, path: string): string | undefined {
  const text = world.files.readText(join(world.cwd, 'cdk8s.yaml'));
  const app = /^app:[ \t]*(.+?)[ \t]*$/m.exec(text ?? '')?.[1];
  if (app === undefined) return undefined;
  const plain = app.replace(/^(["'])(.*)\1$/, '$2');
  return plain.split(/\s+/).some((word) => word.replace(/^\.\//, '') === path) ? plain : undefined;
}
