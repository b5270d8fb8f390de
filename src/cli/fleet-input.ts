/*
 * FLEET in every form, compiled: a YAML file, a folder of them, or a program that declares fleets with constructs. Behind
 * this file the commands do not know which it was.
 */
import { isAbsolute, join } from 'node:path';
import { compileFleet, sharedFleetName, mergeFleetReports, renderOutputs, SourceSet, type AppFleet } from '../compile';
import type { Report } from '../diagnostics';
import { displayPath } from '../files';
import { loadFleet } from '../load';
import { SourceFile } from '../source';
import { runApp } from './run-app';
import { UsageError } from './usage-error';
import type { World } from './world';

/** What a file of a folder must say to be taken for a whole fleet, and not for one that others include. */
const FLEET_MARKS: readonly RegExp[] = [/^kind:[ \t]*["']?Fleet\b/m, /^[ \t]+["']?cluster["']?:/m];

/** Compiled fleets, whichever door they came through. */
export interface CompiledFleets {
  readonly fleets: readonly AppFleet[];
  /** All reports as one. */
  readonly report: Report;
  /** The texts that were read, by the name shown to the user. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The text behind a file that a diagnostic names. */
  readonly sourceOf: (file: string) => SourceFile | undefined;
}

/**
 * Compiles what the user named.
 *
 * @throws UsageError when it cannot be read, holds no fleet, or is a program that ends without `synth()`.
 */
export function compileInput(world: World, argument: string): CompiledFleets {
  const path = displayPath(argument, world.cwd);
  if (/\.[cm]?[jt]s$/.test(path)) return collect(world, runApp(world, path), new Map());
  const names = world.files.listFolder(absolute(world, path));
  const files = names === undefined ? [path] : fleetFilesIn(world, path, names);
  const sources = new Map<string, SourceFile>();
  const fleets = files.map((file): AppFleet => {
    if (world.files.readText(absolute(world, file)) === undefined) throw new UsageError(`cannot read ${file}`);
    const loaded = loadFleet(shownFiles(world), file);
    for (const [shown, source] of loaded.sources) sources.set(shown, source);
    const set = new SourceSet(loaded.sources, shownFiles(world));
    const { fleet, report, manifests, rendered, analysis } = compileFleet({
      fleet: loaded.fleet,
      problems: loaded.problems,
      locate: (place) => set.locate(place),
      suppressions: { sources: set, today: world.today },
      renders: true,
    });
    const outputs =
      fleet === undefined || manifests === undefined
        ? undefined
        : renderOutputs(fleet.name, manifests, { rendered, analysis });
    return { fleet, report, outputs };
  });
  return collect(world, fleets, sources);
}

/** The file system by shown path. */
export function shownFiles(world: World): World['files'] {
  return {
    readText: (path) => world.files.readText(absolute(world, path)),
    listFolder: (path) => world.files.listFolder(absolute(world, path)),
    realFolder: (path) => world.files.realFolder?.(absolute(world, path)),
  };
}

function absolute(world: World, path: string): string {
  return isAbsolute(path) ? path : join(world.cwd, path);
}

function fleetFilesIn(world: World, folder: string, names: readonly string[]): string[] {
  const files = names
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`))
    .filter((file) => {
      const text = world.files.readText(absolute(world, file)) ?? '';
      return FLEET_MARKS.every((mark) => mark.test(text));
    });
  if (files.length === 0) throw new UsageError(`no file of kind Fleet in folder ${folder}`);
  return files;
}

/** Compiled fleets with what a report needs to be drawn; `sources` are the texts that were read. */
export function collect(world: World, fleets: readonly AppFleet[], sources: Map<string, SourceFile>): CompiledFleets {
  const names = fleets.flatMap(({ fleet }) => (fleet === undefined ? [] : [{ fleet: fleet.name }]));
  const shared = sharedFleetName(names);
  if (shared !== undefined)
    throw new UsageError(`two fleets are called ${shared}: one would be written over the other`);
  return {
    fleets,
    report: mergeFleetReports(fleets.map(({ report }) => report)),
    files: sources,
    sourceOf: (file) => {
      const known = sources.get(file);
      if (known !== undefined) return known;
      const text = world.files.readText(absolute(world, file));
      if (text === undefined) return undefined;
      const source = new SourceFile(file, text);
      sources.set(file, source);
      return source;
    },
  };
}
