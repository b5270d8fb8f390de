import { hash } from 'node:crypto';
import type { AnalysedMachine, Analysis } from '../analysis';
import type { Manifest, ManifestSet } from '../manifests';
import { compareText, type JsonObject } from '../model';
import { formatBaseline, shortHash, toBaseline, type WrittenFile } from '../plan';
import { emitYaml, writeDifferences, type Differences } from '../yaml';

/** What one fleet compiles to, as text by path below its own folder, with the model path of each file. */
export interface FleetOutputs {
  readonly fleet: string;
  readonly files: ReadonlyMap<string, OutputFile>;
}

/** One file of the output. */
export interface OutputFile {
  /** May be made anew whenever it is asked for: those of ten thousand VMs need not be there at once. */
  readonly text: string;
  /** The part of the model that it is made from. */
  readonly modelPath: string;
  /** Of the text in UTF-8, hexadecimal. */
  readonly sha256: string;
}

/** The name of the index: what hostdev wrote, file by file. */
export const INDEX_FILE = 'fleet.json';

/** Objects that have been rendered already. */
export type Rendered = ReadonlyMap<Manifest, OutputFile>;

/** What {@link renderOutputs} knows besides the objects. */
export interface RenderOptions {
  /** Objects that need not be rendered again. */
  readonly rendered?: Rendered | undefined;
  /**
   * What the objects were made from, for the baseline.
   *
   * @default - no baseline is written
   */
  readonly analysis?: Analysis | undefined;
}

/** The texts of a fleet's manifests and plain files, with the baseline that later plans start from. */
export function renderOutputs(fleet: string, set: ManifestSet, options: RenderOptions = {}): FleetOutputs {
  const { rendered, analysis } = options;
  const files = new Map<string, OutputFile>();
  for (const manifest of set.manifests) {
    files.set(manifest.path, rendered?.get(manifest) ?? renderManifest(manifest, manifest.content));
  }
  for (const { path, text, modelPath } of set.files) files.set(path, outputFile(text, modelPath));
  if (analysis !== undefined)
    for (const { path, text, modelPath } of baselineFiles(analysis, set, files))
      files.set(path, outputFile(text, modelPath));
  return { fleet, files };
}

function baselineFiles(
  analysis: Analysis,
  { manifests, files: plain }: ManifestSet,
  files: ReadonlyMap<string, OutputFile>,
): ReturnType<typeof formatBaseline> {
  const hashOf = (path: string): string => shortHash(files.get(path)?.sha256 ?? '');
  const pathByMachine = new Map<AnalysedMachine, string>();
  const written: WrittenFile[] = plain.map(({ path }) => ({ path, hash: hashOf(path), content: undefined }));
  for (const manifest of manifests) {
    const { machine, path } = manifest;
    // contents of VMs are made anew for each asking, and nothing here needs them
    if (machine !== undefined) pathByMachine.set(machine, path);
    else written.push({ path, hash: hashOf(path), content: manifest.content });
  }
  return formatBaseline(
    toBaseline(analysis, {
      files: written.sort((a, b) => compareText(a.path, b.path)),
      machineFile: (machine) => {
        const path = pathByMachine.get(machine);
        return path === undefined ? undefined : { path, hash: hashOf(path) };
      },
    }),
  );
}

/** The text of one object, whose content the caller has at hand. */
export function renderManifest({ comments, modelPath }: Manifest, content: JsonObject): OutputFile {
  return outputFile(emitYaml(content, { comments, isMarked: true }), modelPath);
}

/** The text of one object that differs from another one in scalars only. */
export function likeFile(differences: Differences, modelPath: string): OutputFile {
  return new LikeFile(differences, modelPath);
}

/** Holds what is its own, a tenth of its text. */
class LikeFile implements OutputFile {
  readonly modelPath: string;
  readonly sha256: string;
  private readonly differences: Differences;

  constructor(differences: Differences, modelPath: string) {
    this.differences = differences;
    this.modelPath = modelPath;
    this.sha256 = hash('sha256', this.text);
  }

  get text(): string {
    return writeDifferences(this.differences);
  }
}

/** Hashed at once: that also makes one flat string of the emitter's pieces before they grow old. */
function outputFile(text: string, modelPath: string): OutputFile {
  return { text, modelPath, sha256: hash('sha256', text) };
}

/** A name that two fleets have, so that one would be written over the other; undefined when there is none. */
export function sharedFleetName(fleets: readonly { readonly fleet: string }[]): string | undefined {
  const names = fleets.map(({ fleet }) => fleet);
  return names.find((name, i) => names.indexOf(name) !== i);
}

/**
 * The whole output tree with its index. One fleet stands at the top; several have a folder each.
 *
 * @returns files by path, in the order of the paths; the index as its text.
 */
export function assembleOutputs(fleets: readonly FleetOutputs[]): Map<string, OutputFile | string> {
  const prefix = (fleet: string): string => (fleets.length === 1 ? '' : `${fleet}/`);
  const entries = fleets
    .flatMap(({ fleet, files }) => [...files].map(([path, file]) => ({ path: prefix(fleet) + path, fleet, file })))
    .sort((a, b) => compareText(a.path, b.path));
  const index = entries.map(
    ({ path, fleet, file: { modelPath, sha256 } }) =>
      `    ${JSON.stringify(path)}: ${JSON.stringify({ fleet, modelPath, sha256 })}`,
  );
  const names = fleets.map(({ fleet }) => fleet).sort(compareText);
  const outputs = new Map<string, OutputFile | string>(entries.map(({ path, file }) => [path, file]));
  outputs.set(
    INDEX_FILE,
    `{\n  "apiVersion": "hostdev/v1alpha1",\n  "kind": "Index",\n  "fleets": ${JSON.stringify(names)},\n  "files": {\n${index.join(',\n')}\n  }\n}\n`,
  );
  return outputs;
}
