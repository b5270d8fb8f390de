export type { FileAccess } from './file-access';
export type { CodePlace, DocumentPlace, FilePlace, Place, RangePlace } from './place';
export { keyPlace, placeAt } from './place';
export type { Pointer } from './pointer';
export { appendToPointer, parentPointer, pointerSegments } from './pointer';
export { SourceFile } from './source-file';
export type { Position, Span } from './span';
