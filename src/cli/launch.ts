import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** The SHA-256 of the program's text, put here by the build: what was compiled from another text is never taken for it. */
declare const PROGRAM_HASH: string;

/** The whole command as one function: what a CommonJS module sees is what it is given. */
type Program = (load: NodeJS.Require, folder: string) => void;

/** The commands that every pipeline runs: what they call is what is worth keeping compiled. */
const KEPT_AFTER: readonly (string | undefined)[] = ['check', 'synth'];

start(join(__dirname, 'hostdev.program.js'));

/**
 * Runs the program with what V8 made of it last time: compiling two megabytes takes as long as checking a small fleet. The
 * compiled form lies beside the program, so that who can write it could as well write the program; where that folder cannot be
 * written, or `NODE_DISABLE_COMPILE_CACHE` is set, the program is compiled each time.
 */
function start(file: string): void {
  const isCached = process.env['NODE_DISABLE_COMPILE_CACHE'] === undefined;
  const cacheFile = `${file}.${PROGRAM_HASH}.${process.version}-${process.arch}.cache`;
  const cachedData = isCached ? readIfThere(cacheFile) : undefined;
  const script = new Script(readFileSync(file, 'utf8'), { filename: file, ...(cachedData && { cachedData }) });
  if (isCached && cachedData === undefined && KEPT_AFTER.includes(process.argv[2])) {
    // at the end, when V8 has compiled what is called and knows what is not
    process.once('exit', () => writeIfPossible(cacheFile, script.createCachedData()));
  }
  (script.runInThisContext() as Program)(require, __dirname);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** In one step, as another process may be reading; a folder that cannot be written is no reason to fail. */
function writeIfPossible(file: string, content: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}
