import { hash } from 'node:crypto';
import type { Manifest, ManifestSet } from '../manifests';
import { compareText, type JsonObject } from '../model';
import { emitYaml } from '../yaml';

/** What one fleet compiles to, as text by path below its own folder, with the model path of each file. */
export interface FleetOutputs {
  readonly fleet: string;
  readonly files: ReadonlyMap<string, OutputFile>;
}

/** One file of the output. */
export interface OutputFile {
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

/** The texts of a fleet's manifests and plain files. */
export function renderOutputs(fleet: string, set: ManifestSet, rendered?: Rendered): FleetOutputs {
  const files = new Map<string, OutputFile>();
  for (const manifest of set.manifests) {
    files.set(manifest.path, rendered?.get(manifest) ?? renderManifest(manifest, manifest.content));
  }
  for (const { path, text, modelPath } of set.files) files.set(path, outputFile(text, modelPath));
  return { fleet, files };
}

/** The text of one object, whose content the caller has at hand. */
export function renderManifest({ comments, modelPath }: Manifest, content: JsonObject): OutputFile {
  return outputFile(emitYaml(content, { comments, isMarked: true }), modelPath);
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
 * @returns text by path, in the order of the paths.
 */
export function assembleOutputs(fleets: readonly FleetOutputs[]): Map<string, string> {
  const prefix = (fleet: string): string => (fleets.length === 1 ? '' : `${fleet}/`);
  const entries = fleets
    .flatMap(({ fleet, files }) => [...files].map(([path, file]) => ({ path: prefix(fleet) + path, fleet, file })))
    .sort((a, b) => compareText(a.path, b.path));
  const index = entries.map(
    ({ path, fleet, file: { modelPath, sha256 } }) =>
      `    ${JSON.stringify(path)}: ${JSON.stringify({ fleet, modelPath, sha256 })}`,
  );
  const names = fleets.map(({ fleet }) => fleet).sort(compareText);
  const outputs = new Map(entries.map(({ path, file }) => [path, file.text]));
  outputs.set(
    INDEX_FILE,
    `{\n  "apiVersion": "hostdev/v1alpha1",\n  "kind": "Index",\n  "fleets": ${JSON.stringify(names)},\n  "files": {\n${index.join(',\n')}\n  }\n}\n`,
  );
  return outputs;
}
