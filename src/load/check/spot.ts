import type { JsonValue } from '../../model';
import type { Pointer } from '../../source';
import type { FleetDocument } from '../document';
import type { DocumentRole } from './shape';

/** A spot of a document that something is wrong with. */
export interface Spot {
  readonly document: FleetDocument;
  readonly role: DocumentRole;
  readonly pointer: Pointer;
  /** What stands there. */
  readonly value: JsonValue | undefined;
}
