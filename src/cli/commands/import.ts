import { isAbsolute, join } from 'node:path';
import { locateDiagnostic, SourceSet } from '../../compile';
import { hasSeverity, makeReport, type PlacedDiagnostic } from '../../diagnostics';
import { displayPath, readCapture, writeTextFile, type Capture } from '../../files';
import {
  COLLECTOR,
  importCapture,
  importLspci,
  inventoryDifferences,
  isArchive,
  loadInventory,
  type ImportTarget,
} from '../../inventory';
import type { NodeInventory } from '../../model';
import { SourceFile } from '../../source';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { reportInterrupted } from '../interrupted';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** Options of `hostdev import`. */
export interface ImportOptions extends ReportOptions {
  readonly node?: string;
  readonly output: string;
  /** Write nothing; say what has changed since the file was written. */
  readonly check?: true;
  /** Print the collector instead. */
  readonly collector?: true;
}

/**
 * `hostdev import`: lspci text, a captured sysfs tree or the collector's archive to `FOLDER/NODE.yaml`; what people added there
 * survives. With `--check` it compares the two and writes nothing. With `--collector` it prints the program that takes a capture.
 */
export function importInventory(world: World, source: string | undefined, options: ImportOptions): ExitStatus {
  if (options.collector === true) {
    if (source !== undefined || options.node !== undefined) {
      throw new UsageError('--collector prints a program, and takes neither a source nor --node');
    }
    world.writeOut(COLLECTOR);
    return EXIT_STATUS.done;
  }
  if (source === undefined) throw new UsageError("missing required argument 'source'");
  if (options.node === undefined) throw new UsageError("required option '--node <name>' not specified");
  return importSource(world, source, { ...options, node: options.node });
}

function importSource(world: World, source: string, options: ImportOptions & { readonly node: string }): ExitStatus {
  reportInterrupted(world, 'dist');
  const name = source === '-' ? 'standard input' : displayPath(source, world.cwd);
  const capture: Capture | undefined =
    source === '-' ? { kind: 'bytes', bytes: world.readInput() } : readCapture(absolute(world, source));
  if (capture === undefined) throw new UsageError(`cannot read ${name}`);
  const folder = displayPath(options.output, world.cwd);
  const target = `${folder}/${options.node}.yaml`;
  const there = world.files.readText(absolute(world, target));
  const existing = there === undefined ? undefined : new SourceFile(target, there);
  const lspci = textOf(capture);
  const input = new SourceFile(name, lspci ?? '');
  const isCheck = options.check === true;
  if (isCheck && existing === undefined) throw new UsageError(`there is no ${target} to compare with`);
  // compared is what is seen, not what it would be merged to
  const importTarget: ImportTarget = { node: options.node, ...(existing === undefined || isCheck ? {} : { existing }) };
  const imported =
    lspci === undefined
      ? importCapture({
          file: name,
          capture: capture.kind === 'folder' ? capture.source : capture.bytes,
          ...importTarget,
        })
      : importLspci({ source: input, ...importTarget });
  const files = new Map([[name, input], ...(existing === undefined ? [] : ([[target, existing]] as const))]);
  const sources = new SourceSet(files, { readText: () => undefined, listFolder: () => undefined });
  const report = makeReport(
    [...imported.problems, ...(isCheck ? changesSince(existing, imported.inventory) : [])].map((problem) =>
      locateDiagnostic(problem, (place) => sources.locate(place)),
    ),
  );
  const status = showReport(world, { report, sourceOf: (file) => sources.get(file) }, options);
  if (isCheck) return status;
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

/** What the file says that is not so any more; where it cannot be read, what is wrong with it. */
function changesSince(existing: SourceFile | undefined, seen: NodeInventory | undefined): readonly PlacedDiagnostic[] {
  if (existing === undefined) return [];
  const { inventory, problems } = loadInventory(existing);
  return inventory === undefined || seen === undefined
    ? problems
    : [...problems, ...inventoryDifferences(inventory, seen)];
}

/** What is no archive is what lspci printed, or nothing that can be read. */
function textOf(capture: Capture): string | undefined {
  if (capture.kind === 'folder' || isArchive(capture.bytes)) return undefined;
  return Buffer.from(capture.bytes).toString('utf8');
}

function absolute(world: World, path: string): string {
  return isAbsolute(path) ? path : join(world.cwd, path);
}
