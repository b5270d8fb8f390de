import { isAbsolute, join } from 'node:path';
import { locateDiagnostic, SourceSet } from '../../compile';
import { hasSeverity, makeReport } from '../../diagnostics';
import { displayPath, writeTextFile } from '../../files';
import { importLspci } from '../../inventory';
import { SourceFile } from '../../source';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { reportInterrupted } from '../interrupted';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** Options of `hostdev import`. */
export interface ImportOptions extends ReportOptions {
  readonly node: string;
  readonly output: string;
}

/** `hostdev import`: lspci text to `FOLDER/NODE.yaml`; what people added there survives. */
export function importInventory(world: World, source: string, options: ImportOptions): ExitStatus {
  reportInterrupted(world, 'dist');
  const text = source === '-' ? world.readInput() : world.files.readText(absolute(world, source));
  if (text === undefined) throw new UsageError(`cannot read ${displayPath(source, world.cwd)}`);
  const input = new SourceFile(source === '-' ? 'standard input' : displayPath(source, world.cwd), text);
  const folder = displayPath(options.output, world.cwd);
  const target = `${folder}/${options.node}.yaml`;
  const there = world.files.readText(absolute(world, target));
  const existing = there === undefined ? undefined : new SourceFile(target, there);
  const imported = importLspci({ source: input, node: options.node, ...(existing === undefined ? {} : { existing }) });
  const files = new Map([[input.path, input], ...(existing === undefined ? [] : ([[target, existing]] as const))]);
  const sources = new SourceSet(files, { readText: () => undefined, listFolder: () => undefined });
  const report = makeReport(
    imported.problems.map((problem) => locateDiagnostic(problem, (place) => sources.locate(place))),
  );
  const status = showReport(world, { report, sourceOf: (file) => sources.get(file) }, options);
  if (imported.text === undefined || hasSeverity(report, 'error')) {
    world.writeError('hostdev: nothing was written\n');
    return EXIT_STATUS.findings;
  }
  const say = options.format === 'text' ? world.writeOut : world.writeError;
  if (imported.text === existing?.text) {
    say(`${target}: unchanged\n`);
    return status;
  }
  writeTextFile(absolute(world, target), imported.text);
  say(`${target}: written\n`);
  return status;
}

function absolute(world: World, path: string): string {
  return isAbsolute(path) ? path : join(world.cwd, path);
}
