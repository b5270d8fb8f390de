import type { Fix } from '../../diagnostics';
import type { Place } from '../../source';

/**
 * A fix that replaces what stands at a place of a document. A place in the user's program is no place to edit: the line that
 * made a construct is not the text that is wrong.
 */
export function fixAt(at: Place, title: string, safe: boolean, text: string): Fix<Place>[] {
  return at.kind === 'document' ? [{ title, safe, edits: [{ at, text }] }] : [];
}
