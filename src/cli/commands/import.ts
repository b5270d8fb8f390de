import { isAbsolute, join } from 'node:path';
import { locateDiagnostic, SourceSet } from '../../compile';
import { hasSeverity, makeReport, type PlacedDiagnostic } from '../../diagnostics';
import { displayPath, readCapture, writeTextFile, type Capture } from '../../files';
import {
  COLLECTOR,
  HARDWARE_FOLDER,
  importCapture,
  importLspci,
  inventoryDifferences,
  isArchive,
  loadHardware,
  loadInventory,
  type ImportTarget,
} from '../../inventory';
import type { NodeInventory } from '../../model';
import { SourceFile } from '../../source';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { reportInterrupted } from '../interrupted';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import { adoptManifests } from './adopt';
import type { World } from '../world';

/** Options of `hostdev import`. */
export interface ImportOptions extends ReportOptions {
  readonly node?: string;
  /** The folder of the inventory, or of the fleet. */
  readonly output?: string;
  /** Write nothing; say what has changed since the file was written. */
  readonly check?: true;
  /** The hardware that the node shares with identical machines. */
  readonly hardware?: string;
  /** Print the collector instead. */
  readonly collector?: true;
  /** A folder of objects that a fleet is written for, instead of an inventory. */
  readonly manifests?: string;
  /** With `manifests`: KubeVirt's release. */
  readonly kubevirt?: string;
}

/**
 * `hostdev import`: lspci text, a captured sysfs tree or the collector's archive to `FOLDER/NODE.yaml`; what people added there
 * survives. With `--hardware NAME` the node's file holds what differs from `FOLDER/hardware/NAME.yaml`, which is written where there is
 * none. With `--check` it compares the two and writes nothing. With `--collector` it prints the program that takes a capture. With
 * `--manifests` it writes a fleet for objects that are there.
 */
export function importInventory(world: World, source: string | undefined, options: ImportOptions): ExitStatus {
  const { manifests, kubevirt } = options;
  if (manifests !== undefined) {
    const { collector, check, hardware, node } = options;
    if ([source, collector, check, hardware, node].some((one) => one !== undefined)) {
      throw new UsageError('--manifests reads objects, and takes -o and --kubevirt only');
    }
    return adoptManifests(world, manifests, { ...options, output: options.output, kubevirt });
  }
  if (kubevirt !== undefined) throw new UsageError('--kubevirt goes with --manifests: hardware has no release');
  if (options.collector === true) {
    if (source !== undefined || options.node !== undefined) {
      throw new UsageError('--collector prints a program, and takes neither a source nor --node');
    }
    world.writeOut(COLLECTOR);
    return EXIT_STATUS.done;
  }
  if (options.hardware !== undefined && options.check === true) {
    throw new UsageError('--check writes nothing, and takes the hardware that the file names: leave out --hardware');
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
  const folder = displayPath(options.output ?? 'inventory', world.cwd);
  const target = `${folder}/${options.node}.yaml`;
  const there = world.files.readText(absolute(world, target));
  const existing = there === undefined ? undefined : new SourceFile(target, there);
  const files = new Map<string, SourceFile>();
  const hardwareFile = (hardware: string): SourceFile | undefined => {
    const path = `${folder}/${HARDWARE_FOLDER}/${hardware}.yaml`;
    const text = files.has(path) ? undefined : world.files.readText(absolute(world, path));
    if (text !== undefined) files.set(path, new SourceFile(path, text));
    return files.get(path);
  };
  const lspci = textOf(capture);
  const input = new SourceFile(name, lspci ?? '');
  const isCheck = options.check === true;
  if (isCheck && existing === undefined) throw new UsageError(`there is no ${target} to compare with`);
  // compared is what is seen, not what it would be merged to
  const importTarget: ImportTarget = {
    node: options.node,
    ...(existing === undefined || isCheck ? {} : { existing }),
    ...(options.hardware === undefined ? {} : { hardware: options.hardware }),
    hardwareFile,
  };
  const imported =
    lspci === undefined
      ? importCapture({
          file: name,
          capture: capture.kind === 'folder' ? capture.source : capture.bytes,
          ...importTarget,
        })
      : importLspci({ source: input, ...importTarget });
  files.set(name, input);
  if (existing !== undefined) files.set(target, existing);
  const changes = isCheck ? changesSince(existing, imported.inventory, hardwareFile) : [];
  const sources = new SourceSet(files, { readText: () => undefined, listFolder: () => undefined });
  const report = makeReport(
    [...imported.problems, ...changes].map((problem) => locateDiagnostic(problem, (place) => sources.locate(place))),
  );
  const status = showReport(world, { report, sourceOf: (file) => sources.get(file) }, options);
  if (isCheck) return status;
  if (imported.text === undefined || hasSeverity(report, 'error')) {
    world.writeError('hostdev: nothing was written\n');
    return EXIT_STATUS.findings;
  }
  const say = options.format === 'text' ? world.writeOut : world.writeError;
  if (imported.newHardware !== undefined) {
    const path = `${folder}/${HARDWARE_FOLDER}/${imported.newHardware.name}.yaml`;
    writeTextFile(absolute(world, path), imported.newHardware.text);
    say(`${path}: written\n`);
  }
  if (imported.text === existing?.text) {
    say(`${target}: unchanged\n`);
    return status;
  }
  writeTextFile(absolute(world, target), imported.text);
  say(`${target}: written\n`);
  return status;
}

/** What the file says that is not so any more; where it cannot be read, what is wrong with it. */
function changesSince(
  existing: SourceFile | undefined,
  seen: NodeInventory | undefined,
  hardwareFile: (name: string) => SourceFile | undefined,
): readonly PlacedDiagnostic[] {
  if (existing === undefined) return [];
  const ofHardware: PlacedDiagnostic[] = [];
  const { inventory, problems } = loadInventory(existing, (name) => {
    const source = hardwareFile(name);
    if (source === undefined) return undefined;
    const loaded = loadHardware(source);
    ofHardware.push(...loaded.problems);
    return loaded.hardware ?? 'unreadable';
  });
  const found = [...ofHardware, ...problems];
  return inventory === undefined || seen === undefined ? found : [...found, ...inventoryDifferences(inventory, seen)];
}

/** What is no archive is what lspci printed, or nothing that can be read. */
function textOf(capture: Capture): string | undefined {
  if (capture.kind === 'folder' || isArchive(capture.bytes)) return undefined;
  const [first, second] = capture.bytes;
  // what a Windows shell writes into a file
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(capture.bytes);
}

function absolute(world: World, path: string): string {
  return isAbsolute(path) ? path : join(world.cwd, path);
}
