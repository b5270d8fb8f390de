import { accepted, type Parsed, refused } from '../model';
import type { SourceFile, Span } from '../source';

/**
 * Replaces ranges of a text, all at once: offsets are those of the text before any of the edits.
 *
 * @param edits - in any order; those of other files are left out
 * @returns the new text, or the reason for refusing: edits that overlap, or that reach beyond the text.
 */
export function applyEdits(
  source: SourceFile,
  edits: readonly { readonly at: Span; readonly text: string }[],
): Parsed<string> {
  const own = edits
    .filter(({ at }) => at.file === source.path)
    .sort((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);
  let text = '';
  let kept = 0;
  for (const { at, text: replacement } of own) {
    if (at.start < kept) return refused('edits overlap');
    if (at.end < at.start || at.end > source.text.length) return refused('an edit reaches beyond the text');
    text += source.text.slice(kept, at.start) + replacement;
    kept = at.end;
  }
  return accepted(text + source.text.slice(kept));
}
