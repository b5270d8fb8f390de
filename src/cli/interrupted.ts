import { isAbsolute, join } from 'node:path';
import { displayPath, interruptedWrite } from '../files';
import type { World } from './world';

/** Says on stderr when a write of an output folder was cut off; every command that knows a folder calls it. */
export function reportInterrupted(world: World, folder: string): void {
  const trace = interruptedWrite(isAbsolute(folder) ? folder : join(world.cwd, folder));
  if (trace === undefined) return;
  const shown = displayPath(folder, world.cwd);
  if (trace.running) {
    world.writeError(`hostdev: another hostdev is writing ${shown}\n`);
  } else if (trace.mixed) {
    world.writeError(
      `hostdev: a write of ${shown} was cut off; some of its ${trace.fileCount} files may be old. \`hostdev synth\` completes it\n`,
    );
  } else {
    world.writeError(
      `hostdev: a write of ${shown} was cut off before it changed a file; \`hostdev synth\` tidies up\n`,
    );
  }
}
