import {
  INT_OR_STRING,
  QUANTITY,
  type Definitions,
  type ReducedSchema,
} from '../../src/kubevirt/schema/reduced-schema';

/** A schema as the published files have it. */
export type RawSchema = Readonly<Record<string, unknown>>;

const SHORT_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:io\.k8s|k8s\.io)\.apimachinery\.pkg\.api\.resource\.Quantity$/, QUANTITY],
  [/^(?:io\.k8s|k8s\.io)\.apimachinery\.pkg\.util\.intstr\.IntOrString$/, INT_OR_STRING],
  [/^(?:io\.k8s|k8s\.io)\.apimachinery\.pkg\.apis\.meta\.v1\./, 'meta.'],
  [/^(?:io\.k8s|k8s\.io)\.api\.core\.v1\./, 'core.'],
  [/^(?:io\.k8s|k8s\.io)\.api\./, ''],
];

/** A definition's name in the tables: `core.Affinity` for `k8s.io.api.core.v1.Affinity`, `v1.GPU` as it is. */
export function shortName(name: string): string {
  for (const [long, short] of SHORT_NAMES) if (long.test(name)) return name.replace(long, short);
  return name;
}

/** Keywords that are kept as they are. */
const KEPT = [
  'required',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
] as const;

/**
 * Keywords that are left out: defaults and prose say nothing about what is refused; list and map types steer merging;
 * CEL rules would need an interpreter; the `anyOf` beside `x-kubernetes-int-or-string` repeats it.
 */
const DROPPED = new Set([
  'default',
  'description',
  'example',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-validations',
]);

const INTEGER_FORMATS = new Set(['int32', 'int64', 'byte']);

/** Formats that the API server checks when it decodes the value, not by schema; or that say nothing more than the type. */
const DROPPED_FORMATS = new Set(['date-time', 'int-or-string', 'float', 'double', 'duration']);

/**
 * The parts of a schema that decide whether a value is refused.
 *
 * @throws Error when a keyword is met that nobody has decided about, so that a new source cannot lose a constraint in silence.
 */
export function reduceSchema(raw: RawSchema, place: string): ReducedSchema {
  if (typeof raw['$ref'] === 'string') return { $ref: shortName(raw['$ref'].slice('#/definitions/'.length)) };
  if (raw['x-kubernetes-int-or-string'] === true || isNumberOrText(raw['anyOf'])) return { $ref: INT_OR_STRING };
  const reduced: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(raw)) {
    if (DROPPED.has(keyword)) continue;
    if (keyword === 'type') {
      const types = (Array.isArray(value) ? value : [value]) as string[];
      const named = types.filter((type) => type !== 'null');
      reduced['type'] = named.length === 1 ? named[0] : named;
      if (named.length < types.length) reduced['nullable'] = true;
    } else if (keyword === 'format') {
      if (INTEGER_FORMATS.has(value as string)) reduced['format'] = value;
      else if (!DROPPED_FORMATS.has(value as string)) throw new Error(`${place}: unknown format ${String(value)}`);
    } else if (keyword === 'properties') {
      const properties = Object.entries(value as Record<string, RawSchema>);
      reduced['properties'] = Object.fromEntries(
        properties.map(([name, property]) => [name, reduceSchema(property, `${place}.${name}`)]),
      );
    } else if (keyword === 'items') {
      reduced['items'] = reduceSchema(value as RawSchema, `${place}[]`);
    } else if (keyword === 'additionalProperties') {
      if (value !== false) reduced['additionalProperties'] = reduceSchema(value as RawSchema, `${place}{}`);
    } else if (keyword === 'nullable' || keyword === 'x-kubernetes-preserve-unknown-fields') {
      if (value === true) reduced[keyword === 'nullable' ? 'nullable' : 'open'] = true;
    } else if ((KEPT as readonly string[]).includes(keyword)) {
      reduced[keyword] = Array.isArray(value) ? [...(value as string[])].sort() : value;
    } else {
      throw new Error(`${place}: unknown keyword ${keyword}`);
    }
  }
  if (Object.keys(reduced).length === 0) return { open: true };
  return reduced;
}

/** `FieldsV1` holds any content; in 1.4 the quantities of a container's resources are typed as an object without members. */
const OPEN_PLACES = new Set(['meta.FieldsV1', 'v1.ResourceRequirements.limits', 'v1.ResourceRequirements.requests']);

/** All definitions of a published file, reduced, under their short names, sorted. */
export function reduceDefinitions(raw: Readonly<Record<string, RawSchema>>): Definitions {
  const reduced: Record<string, ReducedSchema> = {};
  for (const name of Object.keys(raw).sort()) {
    const short = shortName(name);
    if (short === QUANTITY || short === INT_OR_STRING) continue;
    if (Object.hasOwn(reduced, short)) throw new Error(`two definitions are called ${short}`);
    reduced[short] = opened(reduceSchema(raw[name] ?? {}, short), short);
  }
  return reduced;
}

function opened(schema: ReducedSchema, place: string): ReducedSchema {
  if (OPEN_PLACES.has(place) && schema.additionalProperties === undefined) return { ...schema, open: true };
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties);
  return {
    ...schema,
    properties: Object.fromEntries(properties.map(([name, value]) => [name, opened(value, `${place}.${name}`)])),
  };
}

function isNumberOrText(anyOf: unknown): boolean {
  if (!Array.isArray(anyOf)) return false;
  const types = (anyOf as { type?: unknown }[]).map((one) => one.type).sort();
  return types.length === 2 && (types[0] === 'integer' || types[0] === 'number') && types[1] === 'string';
}
