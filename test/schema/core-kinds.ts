import type { SchemaComplaint } from '../../src/kubevirt';
import type { Definitions } from '../../src/kubevirt/schema/reduced-schema';
import { Shapes } from '../../src/kubevirt/schema/shape';
import { complaintsAgainst } from '../../src/kubevirt/schema/walk';
import type { JsonObject } from '../../src/model';
import { CORE_KINDS } from './core-kinds.generated';

const shapes = new Shapes(JSON.parse(CORE_KINDS) as Definitions);

/**
 * What Kubernetes 1.34 would refuse in an object of one of its own kinds, as far as names and types go: which fields are
 * required, the source does not say. Undefined for a kind that the table has not.
 */
export function coreKindComplaints(manifest: JsonObject): SchemaComplaint[] | undefined {
  const { apiVersion, kind } = manifest;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const shape = shapes.find(`${apiVersion}/${kind}`);
  return shape === undefined ? undefined : complaintsAgainst(shape, manifest);
}
