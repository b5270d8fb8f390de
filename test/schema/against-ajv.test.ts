/* The walker against an independent judge: ajv on the published schemas, closed the way the API server prunes. */
import Ajv, { type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { validateObject, type KubeVirtRelease } from '../../src/kubevirt';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model';
import type { RawSchema } from '../../tools/schema/reduce-schema';
import { kubeVirtDefinitions } from '../../tools/schema/sources';
import { GPU_VM, GPUS_VMI, KUBEVIRT, NVME_VMI, openedCopy, setMember } from '../unit/kubevirt/objects';
import { describeWithPublishedSchemas } from './published-schemas';

const OBJECTS = [GPU_VM, NVME_VMI, GPUS_VMI, KUBEVIRT];
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 200);

describeWithPublishedSchemas('the walker and ajv', () => {
  test.each<KubeVirtRelease>(['1.4', '1.9'])('agree on objects with one member changed, in %s', (release) => {
    const judges = judgesOf(release);

    fc.assert(
      fc.property(fc.constantFrom(...OBJECTS), fc.nat(), fc.nat(), replacement, (object, owner, member, value) => {
        const changed = changedAt(object, owner, member, value);
        const isAccepted = judges.get(changed['kind'])?.(changed) ?? true;
        const complaints = validateObject({ release }, changed);

        // what no schema asks for, but every object needs
        const own = complaints.filter(({ pointer, kind }) => pointer !== '/metadata/name' || kind !== 'missing-field');
        expect([own, isAccepted]).toEqual([isAccepted ? [] : own, own.length === 0]);
      }),
      { numRuns },
    );
  });
});

const replacement: fc.Arbitrary<JsonValue | undefined> = fc.constantFrom<(JsonValue | undefined)[]>(
  undefined,
  '',
  'x',
  '1Gi',
  'Always',
  0,
  -1,
  1.5,
  true,
  [],
  ['x'],
  [{}],
  {},
  { name: 'x' },
  { x: 'y' },
);

/** A judge for each kind. */
function judgesOf(release: KubeVirtRelease): ReadonlyMap<JsonValue | undefined, ValidateFunction> {
  const definitions = kubeVirtDefinitions(release);
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'published', definitions: closed(definitions) });
  return new Map(
    ['VirtualMachine', 'VirtualMachineInstance', 'KubeVirt'].map((kind) => [
      kind,
      ajv.compile({ $ref: `published#/definitions/v1.${kind}` }),
    ]),
  );
}

const QUANTITY = {
  type: ['number', 'string'],
  pattern: '^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)? *$',
};
const OPEN = new Set(['limits', 'requests', 'k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1']);

function closed(definitions: Readonly<Record<string, RawSchema>>): Record<string, unknown> {
  const close = (name: string, schema: unknown): unknown => {
    if (Array.isArray(schema) || !isJsonObject(schema)) return schema;
    if (name.endsWith('.Quantity')) return QUANTITY;
    if (name.endsWith('.IntOrString')) return { type: ['number', 'string'] };
    const entries = Object.entries(schema).map(([keyword, value]) => {
      if (keyword !== 'properties') return [keyword, close('', value)] as const;
      const properties = Object.entries(value as JsonObject);
      return [keyword, Object.fromEntries(properties.map(([field, one]) => [field, close(field, one)]))] as const;
    });
    const copy = Object.fromEntries(entries);
    const isBare = copy['type'] === 'object' && copy['additionalProperties'] === undefined && !OPEN.has(name);
    return isBare ? { ...copy, additionalProperties: false } : copy;
  };
  return Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, close(name, schema)]));
}

/** The object with one of its members, or of its parts' members, replaced; undefined takes the member out. */
function changedAt(object: JsonObject, owner: number, member: number, value: JsonValue | undefined): JsonObject {
  const { copy, parts } = openedCopy(object);
  const target = parts[owner % parts.length] ?? {};
  const keys = [...Object.keys(target), 'name', 'metadata', 'x'].filter(
    (key) => key !== 'kind' && key !== 'apiVersion',
  );
  const key = keys[member % keys.length] ?? 'x';
  if (value === undefined) Reflect.deleteProperty(target, key);
  else setMember(target, key, value);
  return copy;
}
