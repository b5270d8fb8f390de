/*
 * The one place where constructs look at the process: the working folder, the clock, and the file that the `hostdev` command
 * names when it runs an app in a child process.
 */
import { formatAppResult, RESULT_VARIABLE, type CompiledFleet } from '../compile';
import { dayOf } from '../diagnostics';
import { writeTextFile } from '../files';

/** The folder that shown paths are relative to. */
export function workingFolder(): string {
  return process.cwd();
}

/** The day, in UTC, by which dates in comments are judged; `SOURCE_DATE_EPOCH` stands for the clock where it is set. */
export function today(): string {
  return dayOf(new Date(), process.env['SOURCE_DATE_EPOCH']);
}

/** What the apps of this process have compiled so far: one program may have several. */
const compiledHere: CompiledFleet[] = [];

/** Where the compiled fleets go instead of the disk; undefined when no command asked for them. */
export function commandLineResult(): { readonly add: (fleets: readonly CompiledFleet[]) => void } | undefined {
  const file = process.env[RESULT_VARIABLE];
  if (file === undefined || file === '') return undefined;
  return {
    add: (fleets) => {
      compiledHere.push(...fleets);
      writeTextFile(file, formatAppResult(compiledHere));
    },
  };
}
