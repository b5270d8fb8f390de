/*
 * The one place where constructs look at the process: the working folder, and the file that the `hostdev` command names when
 * it runs an app in a child process.
 */
import type { Compilation, SourceSet } from '../compile';
import { formatAppResult, RESULT_VARIABLE } from '../compile';
import { writeTextFile } from '../files';

/** The folder that shown paths are relative to. */
export function workingFolder(): string {
  return process.cwd();
}

/** Where the compiled fleets go instead of the disk; undefined when no command asked for them. */
export function commandLineResult():
  | { readonly write: (fleets: readonly { readonly compilation: Compilation; readonly sources: SourceSet }[]) => void }
  | undefined {
  const file = process.env[RESULT_VARIABLE];
  if (file === undefined || file === '') return undefined;
  return { write: (fleets) => writeTextFile(file, formatAppResult(fleets)) };
}
