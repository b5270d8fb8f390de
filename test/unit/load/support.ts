import type { PlacedDiagnostic } from '../../../src/diagnostics';
import { loadFleet, type LoadedFleet } from '../../../src/load';
import type { FileAccess, Place, SourceFile } from '../../../src/source';
import { locateInYaml } from '../../../src/yaml';

/** Files that exist only in a test, by path; a folder is there when a file is in it. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileAccess {
  return {
    readText: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    listFolder: (path) => {
      const prefix = path === '' ? '' : `${path}/`;
      const names = Object.keys(files)
        .filter((file) => file.startsWith(prefix))
        .map((file) => file.slice(prefix.length).split('/')[0] ?? '');
      return names.length === 0 ? undefined : [...new Set(names)].sort();
    },
  };
}

/** A whole fleet file around the sections of `spec`, which are written without indentation. */
export function fleetText(sections: string): string {
  return [
    'apiVersion: hostdev/v1alpha1',
    'kind: Fleet',
    'metadata: { name: lab }',
    'spec:',
    '  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }',
    ...sections
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** A file that a fleet includes, around the sections of `spec`. */
export function includedText(sections: string): string {
  return fleetText(sections)
    .replace('metadata: { name: lab }\n', '')
    .replace(/ {2}cluster: .*\n/, '');
}

/** Loads `fleet.yaml` and further files from memory. */
export function load(text: string, files: Readonly<Record<string, string>> = {}): LoadedFleet {
  return loadFleet(memoryFiles({ 'fleet.yaml': text, ...files }), 'fleet.yaml');
}

/** The findings as one text: identity, message, every place with the text under it, notes, help and fixes. */
export function findingsText({ problems, sources }: LoadedFleet): string {
  return problems.map((problem) => findingText(problem, sources)).join('');
}

function findingText(problem: PlacedDiagnostic, sources: ReadonlyMap<string, SourceFile>): string {
  const { severity, code, slug, message, primary, secondary, notes, help, fixes } = problem;
  const lines = [
    `${severity}[${code}] ${slug}: ${message}`,
    `  at   ${placeText(primary.at, sources)}: ${primary.text}`,
    ...secondary.map(({ at, text }) => `  and  ${placeText(at, sources)}: ${text}`),
    ...notes.map((note) => `  note ${note}`),
    ...help.map((advice) => `  help ${advice}`),
    ...fixes.flatMap(({ title, safe, edits }) =>
      edits.map(
        ({ at, text }) => `  fix  ${title}${safe ? '' : ' (check)'}: ${placeText(at, sources)} becomes ${text}`,
      ),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function placeText(place: Place, sources: ReadonlyMap<string, SourceFile>): string {
  if (place.kind === 'file') return place.file;
  if (place.kind === 'code') return 'code';
  const file = place.kind === 'document' ? place.file : place.span.file;
  const source = sources.get(file);
  if (source === undefined) return `${file} (not read)`;
  const span = place.kind === 'document' ? locateInYaml(source, place) : place.span;
  const { line, column } = source.positionOf(span.start);
  const [first = '', ...others] = source.text.slice(span.start, span.end).split('\n');
  return `${file}:${line}:${column} «${first}${others.length > 0 ? ' …' : ''}»`;
}
