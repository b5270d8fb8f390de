import type { PreparationUnit } from '../../analysis';
import type { Manifest, PlainFile } from '../manifest';

/** What prepares the nodes of a unit: Kubernetes objects, and what people or other tools apply. */
export interface NodePreparation {
  readonly manifests: readonly Manifest[];
  readonly files: readonly PlainFile[];
}

/** Writes a unit's effects in a platform's own form. */
export type BackEnd = (unit: PreparationUnit) => NodePreparation;
