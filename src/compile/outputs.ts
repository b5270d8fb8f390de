import { hash } from 'node:crypto';
import { compareText } from '../model';
import type { ManifestSet } from '../manifests';
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

/** The texts of a fleet's manifests and plain files. */
export function renderOutputs(fleet: string, set: ManifestSet): FleetOutputs {
  const files = new Map<string, OutputFile>();
  for (const { path, content, comments, modelPath } of set.manifests) {
    files.set(path, outputFile(`---\n${emitYaml(content, { comments })}`, modelPath));
  }
  for (const { path, text, modelPath } of set.files) files.set(path, outputFile(text, modelPath));
  return { fleet, files };
}

/** Hashed at once: that also makes one flat string of the emitter's pieces before they grow old. */
function outputFile(text: string, modelPath: string): OutputFile {
  return { text, modelPath, sha256: hash('sha256', text) };
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
