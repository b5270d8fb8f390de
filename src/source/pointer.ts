/**
 * A JSON pointer (RFC 6901) into one document: `/devices/t4/pci/0`. The whole document is the empty string.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export type Pointer = string;

/** A pointer made longer by these keys or indices. */
export function appendToPointer(pointer: Pointer, ...segments: readonly (string | number)[]): Pointer {
  let longer = pointer;
  for (const segment of segments) {
    const text = String(segment);
    const isPlain = !text.includes('/') && !text.includes('~');
    longer += '/' + (isPlain ? text : text.replace(/~/g, '~0').replace(/\//g, '~1'));
  }
  return longer;
}

/** The keys and indices of a pointer, in order, unescaped. */
export function pointerSegments(pointer: Pointer): string[] {
  if (pointer === '') return [];
  const segments = pointer.slice(1).split('/');
  return pointer.includes('~') ? segments.map((segment) => segment.replace(/~1/g, '/').replace(/~0/g, '~')) : segments;
}

/** The pointer without its last segment; the whole document has itself as parent. */
export function parentPointer(pointer: Pointer): Pointer {
  const at = pointer.lastIndexOf('/');
  return at <= 0 ? '' : pointer.slice(0, at);
}
