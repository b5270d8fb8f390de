import { isAbsolute, join } from 'node:path';
import { assembleOutputs } from '../../compile';
import {
  compareTree,
  describeRefusal,
  displayPath,
  writeTree,
  type TreeComparison,
  type WriteResult,
} from '../../files';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { compileInput, type CompiledFleets } from '../fleet-input';
import { reportInterrupted } from '../interrupted';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

const LONGEST_LIST = 60;

/** Options of `hostdev synth`. */
export interface SynthOptions extends ReportOptions {
  readonly output: string;
  readonly check: boolean;
}

/** `hostdev synth`: compiles, reports, and writes what differs; with `--check` compares instead. */
export function synth(world: World, fleet: string, options: SynthOptions): ExitStatus {
  if (options.output === '') throw new UsageError('the output folder has no name');
  reportInterrupted(world, options.output);
  const compiled = compileInput(world, fleet);
  const status = showReport(world, compiled, options);
  const outputs = allOutputs(compiled);
  if (outputs === undefined) {
    world.writeError('hostdev: nothing was written\n');
    return EXIT_STATUS.findings;
  }
  const root = isAbsolute(options.output) ? options.output : join(world.cwd, options.output);
  const shown = displayPath(options.output, world.cwd);
  const say = options.format === 'text' ? world.writeOut : world.writeError;
  if (options.check) {
    const comparison = compareTree(root, outputs);
    say(describeComparison(shown, outputs.size, comparison));
    return comparison.same ? status : EXIT_STATUS.findings;
  }
  const result = writeTree(root, outputs);
  if (result.kind !== 'written') throw new UsageError(describeRefusal(shown, result));
  say(describeWriting(shown, outputs.size, result));
  return status;
}

function allOutputs({ fleets }: CompiledFleets): ReturnType<typeof assembleOutputs> | undefined {
  const outputs = fleets.map((fleet) => fleet.outputs);
  const known = outputs.filter((output) => output !== undefined);
  return known.length === outputs.length ? assembleOutputs(known) : undefined;
}

function describeWriting(shown: string, fileCount: number, result: WriteResult & { kind: 'written' }): string {
  const { written, removed, edited, completed } = result;
  const lines = [
    `${shown}: ${files(fileCount)}, ${written.length} written, ${removed.length} removed, ${result.unchangedCount} unchanged`,
    ...listed(written, (path) => `  wrote ${shown}/${path}`),
    ...listed(removed, (path) => `  removed ${shown}/${path}`),
    ...listed(edited, (path) => `  ${shown}/${path} had been changed by hand since the last synth`),
    ...(completed ? ['  completed a write that had been cut off'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function describeComparison(shown: string, fileCount: number, comparison: TreeComparison): string {
  if (comparison.same) return `${shown}: ${files(fileCount)}, all as they would be written\n`;
  const lines = [
    `${shown} is not what would be written`,
    ...listed(comparison.missing, (path) => `  missing   ${shown}/${path}`),
    ...listed(comparison.different, (path) => `  different ${shown}/${path}`),
    ...listed(comparison.extra, (path) => `  left over ${shown}/${path}`),
    ...(comparison.interrupted === undefined ? [] : ['  a write was cut off']),
  ];
  return `${lines.join('\n')}\n`;
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

/** A line per path, for as many as people read. */
function listed(paths: readonly string[], line: (path: string) => string): string[] {
  const lines = paths.slice(0, LONGEST_LIST).map(line);
  return paths.length > LONGEST_LIST ? [...lines, `  … and ${paths.length - LONGEST_LIST} more`] : lines;
}
