import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { dayOf } from '../diagnostics';
import { diskAccess, readStandardInput } from '../files';
import { runProgram } from './program';
import type { World } from './world';

const LARGEST_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Runs the command in the real world; gives the exit status. */
export function main(args: readonly string[]): number {
  return runProgram(args, realWorld());
}

function realWorld(): World {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', letReaderGo);
  return {
    cwd: process.cwd(),
    get packageFolder() {
      return packageFolder();
    },
    env: process.env,
    files: diskAccess(),
    today: dayOf(new Date(), process.env['SOURCE_DATE_EPOCH']),
    writeOut: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    columns: process.stdout.columns,
    isTerminal: process.stdout.isTTY,
    readInput: readStandardInput,
    run: (command, args, env) => {
      const done = spawnSync(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] });
      if (done.error !== undefined) throw done.error;
      return done.status ?? 1;
    },
    capture: (command, args, input) => {
      const done = spawnSync(command, args, { input, maxBuffer: LARGEST_OUTPUT_BYTES, shell: false });
      if (done.error !== undefined) {
        if ('code' in done.error && done.error.code === 'ENOENT') return undefined;
        throw done.error;
      }
      return { status: done.status ?? 1, output: done.stdout, complaint: done.stderr.toString('utf8') };
    },
  };
}

/** A reader that has seen enough (`… | head -2`) closes the pipe: the work and its exit status stand. */
function letReaderGo(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** The bundle lies one folder below the package, the sources and the plain build lie deeper. */
function packageFolder(): string {
  let folder = __dirname;
  while (
    diskAccess().readText(join(folder, 'schema', 'fleet.schema.json')) === undefined &&
    folder !== dirname(folder)
  ) {
    folder = dirname(folder);
  }
  return folder;
}
