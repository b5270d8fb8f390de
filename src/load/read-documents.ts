/*
 * The fleet file and the files that it includes. The files form a graph; it is read breadth first, so that what is found does
 * not depend on the order of a list, and each file counts once however many roads lead to it. A file on a circle is still read
 * and merged once; the include that closes the circle, the one that leads back towards the fleet, is an error.
 */
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { compareNatural, jsonAt, type JsonValue } from '../model';
import type { Place, SourceFile } from '../source';
import { rawScalar, readYaml, singleDocument } from '../yaml';
import { ambiguityFindings } from './check/ambiguity-findings';
import { checkDocument } from './check/check-document';
import { shortened } from './check/words';
import type { DocumentRole } from './check/shape';
import type { FleetDocument } from './document';
import { placedTexts } from './entities/values';
import { INCLUDE_CYCLE, MISSING_FILE } from './problems';
import { folderOf, resolvedPath, type TextStore } from './text-store';

/** The documents that make a fleet. */
export interface ReadDocuments {
  /** The fleet's own document; undefined when its file is no fleet. */
  readonly fleet: FleetDocument | undefined;
  /** Included documents in natural order of their paths, without those that are no fleets. */
  readonly included: readonly FleetDocument[];
  readonly problems: readonly PlacedDiagnostic[];
}

/** How far a file is from the fleet's own, and which files it includes. */
interface FileInGraph {
  readonly depth: number;
  readonly includes: string[];
}

/** Reads a fleet file and everything that it includes. */
export function readDocuments(store: TextStore, path: string): ReadDocuments {
  const source = store.source(path);
  if (source === undefined) return { fleet: undefined, included: [], problems: [unreadable(path)] };
  const { document: fleet, problems } = readDocument(source, 'fleet');
  const { included, problems: further } = fleet === undefined ? NOTHING : readIncluded(store, path, fleet);
  return { fleet, included, problems: [...problems, ...further] };
}

const NOTHING: Pick<ReadDocuments, 'included' | 'problems'> = { included: [], problems: [] };

/**
 * Reads everything that a document includes, directly or through others.
 *
 * @param path - the document's own file, or what stands for it
 */
export function readIncluded(
  store: TextStore,
  path: string,
  fleet: FleetDocument,
): Pick<ReadDocuments, 'included' | 'problems'> {
  const problems: PlacedDiagnostic[] = [];
  const graph = new Map<string, FileInGraph>([[path, { depth: 0, includes: [] }]]);
  const included: { readonly path: string; readonly document: FleetDocument }[] = [];
  const queue = [{ path, document: fleet }];
  for (let holder = queue.shift(); holder !== undefined; holder = queue.shift()) {
    const { depth, includes } = graph.get(holder.path) ?? { depth: 0, includes: [] };
    for (const { text, place } of includesOf(holder.document)) {
      const target = resolvedPath(holder.document.folder, text);
      includes.push(target);
      if (graph.has(target)) continue;
      const source = store.source(target);
      if (source === undefined) {
        problems.push(missingFile(`included file ${shortened(text)}`, target, place));
        continue;
      }
      graph.set(target, { depth: depth + 1, includes: [] });
      const read = readDocument(source, 'included');
      problems.push(...read.problems);
      if (read.document === undefined) continue;
      included.push({ path: target, document: read.document });
      queue.push({ path: target, document: read.document });
    }
  }
  for (const holder of [{ path, document: fleet }, ...included])
    problems.push(...cycles(graph, holder.path, holder.document));
  included.sort((a, b) => compareNatural(a.path, b.path));
  return { included: included.map(({ document }) => document), problems };
}

/** What is said of a file, or a folder, that cannot be read. */
export function missingFile(
  subject: string,
  path: string,
  at: Place,
  what: 'file' | 'folder' = 'file',
): PlacedDiagnostic {
  return stamp(MISSING_FILE, {
    message: `${subject} cannot be read`,
    primary: { at, text: what === 'folder' ? 'no such folder' : 'no such file, or no text that can be read' },
    notes: [`looked for ${path}`],
  });
}

function readDocument(
  source: SourceFile,
  role: DocumentRole,
): { readonly document: FleetDocument | undefined; readonly problems: readonly PlacedDiagnostic[] } {
  const { path } = source;
  const text = readYaml(source, { ambiguities: true });
  const { document: only, problem } = singleDocument(source, text);
  const problems = problem === undefined ? text.problems : [...text.problems, problem];
  // of several the first is read all the same: what is wrong in it is found at once
  const first = only ?? text.documents.find(({ value }) => value !== null);
  if (first === undefined) return { document: undefined, problems };
  const document: FleetDocument = {
    value: first.value,
    folder: folderOf(path),
    placeOf: (pointer, part = 'value') => ({ kind: 'document', file: path, document: first.index, pointer, part }),
    typedAt: (pointer) => {
      const scalar = rawScalar(source, first.index, pointer);
      return scalar === undefined ? undefined : { text: scalar.text, isPlain: scalar.style === 'plain' };
    },
  };
  const checked = checkDocument(document, role);
  const ambiguous = checked.isFleet
    ? ambiguityFindings(
        document,
        role,
        text.ambiguities.filter((ambiguity) => ambiguity.document === first.index),
        checked.problems,
      )
    : [];
  return {
    document: checked.isFleet ? checked.document : undefined,
    problems: [...problems, ...checked.problems, ...ambiguous],
  };
}

function includesOf({ value, placeOf }: FleetDocument): ReturnType<typeof placedTexts> {
  const include = jsonAt(value as JsonValue, 'spec', 'include');
  return placedTexts(include, (index) => placeOf(`/spec/include/${String(index)}`)).filter(({ text }) => text !== '');
}

function cycles(graph: ReadonlyMap<string, FileInGraph>, path: string, document: FleetDocument): PlacedDiagnostic[] {
  const depth = graph.get(path)?.depth ?? 0;
  return includesOf(document).flatMap(({ text, place }) => {
    const target = resolvedPath(document.folder, text);
    const targetDepth = graph.get(target)?.depth;
    if (targetDepth === undefined || targetDepth > depth || !reaches(graph, target, path)) return [];
    return [
      stamp(INCLUDE_CYCLE, {
        message: target === path ? `${path} includes itself` : `${target} includes itself through ${path}`,
        primary: { at: place, text: 'leads back to where it started' },
      }),
    ];
  });
}

function reaches(graph: ReadonlyMap<string, FileInGraph>, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const path of seen) {
    if (path === to) return true;
    for (const next of graph.get(path)?.includes ?? []) seen.add(next);
  }
  return false;
}

function unreadable(path: string): PlacedDiagnostic {
  return missingFile(`fleet ${path}`, path, { kind: 'file', file: path });
}
