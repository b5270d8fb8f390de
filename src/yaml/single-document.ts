import { stamp, type PlacedDiagnostic } from '../diagnostics';
import type { SourceFile } from '../source';
import { outlineOf } from './places/events';
import { EMPTY_DOCUMENT, SEVERAL_DOCUMENTS } from './problems';
import { rangePlace } from './diagnose/structure-problems';
import type { YamlDocument, YamlText } from './yaml-text';

/**
 * The one document of a file that should have exactly one; documents without content do not count.
 *
 * @returns the document, or why there is none. A text that has problems already gets no second one for being empty.
 */
export function singleDocument(
  source: SourceFile,
  { documents, problems }: YamlText,
): { readonly document?: YamlDocument; readonly problem?: PlacedDiagnostic } {
  const [document, second] = documents.filter(({ value }) => value !== null);
  if (second !== undefined) return { problem: severalDocuments(source, second.index) };
  if (document !== undefined) return { document };
  if (problems.length > 0) return {};
  return {
    problem: stamp(EMPTY_DOCUMENT, {
      message: 'the file has no content',
      primary: { at: { kind: 'file', file: source.path }, text: 'empty' },
    }),
  };
}

function severalDocuments(source: SourceFile, index: number): PlacedDiagnostic {
  const outline = outlineOf(source);
  const root = outline?.root(index);
  const start = (root === undefined ? undefined : outline?.rangeOf(root)?.[0]) ?? 0;
  const { line } = source.positionOf(start);
  const lineStart = source.offsetOf(line, 1);
  return stamp(SEVERAL_DOCUMENTS, {
    message: 'the file holds several documents where one is expected',
    primary: {
      at: rangePlace({ file: source.path, start, end: lineStart + source.lineText(line).trimEnd().length }),
      text: 'another document begins here',
    },
    help: ['put each document in a file of its own'],
  });
}
