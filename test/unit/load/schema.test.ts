import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type AnySchema } from 'ajv/dist/2020';
import { parseKubeVirtVersion, releaseInOpenShiftVirtualization } from '../../../src/kubevirt';
import { fleetFromValue } from '../../../src/load';
import type { JsonObject, JsonValue } from '../../../src/model';
import { appendToPointer, pointerSegments, type DocumentPlace, type Pointer } from '../../../src/source';
import { EVERYTHING, EVERYTHING_NAMES } from './everything';
import { memoryFiles } from './support';

type Schema = JsonObject & {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
};

const SCHEMA = JSON.parse(
  readFileSync(join(__dirname, '..', '..', '..', 'schema', 'fleet.schema.json'), 'utf8'),
) as Schema & { readonly $id: string; readonly $defs: Readonly<Record<string, Schema>> };

const ajv = new Ajv2020({ allErrors: true, strict: false });
ajv.addSchema(SCHEMA);

/** The schema behind a value, references followed; what stands beside a reference adds to it. */
function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...beside } = schema;
  return { ...resolved(SCHEMA.$defs[$ref.replace('#/$defs/', '')] ?? {}), ...beside };
}

/** Every value of a document with its pointer and its schema, as far as the schema reaches. */
function* spots(
  value: JsonValue | undefined,
  schema: Schema,
  pointer: Pointer,
): Generator<{ pointer: Pointer; value: JsonValue; schema: Schema }> {
  if (value === undefined) return;
  const own = resolved(schema);
  yield { pointer, value, schema: own };
  if (Array.isArray(value)) {
    for (const [i, item] of (value as JsonValue[]).entries()) {
      if (own.items !== undefined) yield* spots(item, own.items, appendToPointer(pointer, i));
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      const entrySchema = own.properties?.[key] ?? own.additionalProperties;
      if (typeof entrySchema === 'object') yield* spots(entry, entrySchema, appendToPointer(pointer, key));
    }
  }
}

function replaced(root: JsonValue, pointer: Pointer, value: JsonValue): JsonValue {
  const [first, ...rest] = pointerSegments(pointer);
  if (first === undefined) return value;
  const deeper = appendToPointer('', ...rest);
  if (Array.isArray(root))
    return (root as JsonValue[]).map((item, i) => (String(i) === first ? replaced(item, deeper, value) : item));
  return { ...(root as JsonObject), [first]: replaced((root as JsonObject)[first] ?? null, deeper, value) };
}

/** Where the findings about a value stand. */
function foundAt(value: unknown): Pointer[] {
  const { problems } = fleetFromValue(value, {
    placeOf: (pointer): DocumentPlace => ({ kind: 'document', file: 'f', document: 0, pointer, part: 'value' }),
    files: memoryFiles(EVERYTHING_NAMES),
    inventory: undefined,
    current: undefined,
    vendorPlugins: [],
  });
  return problems.flatMap(({ severity, primary }) =>
    severity === 'error' && primary.at.kind === 'document' ? [primary.at.pointer] : [],
  );
}

const ALL = [...spots(EVERYTHING, SCHEMA, '')];

/** Every property that the schema declares, by the description of its own that tells it from others. */
function* declaredProperties(
  schema: Schema,
  path: string,
): Generator<{ readonly path: string; readonly schema: Schema }> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield { path: `${path}.${name}`, schema: property };
    if (property.$ref === undefined) yield* declaredProperties(property, `${path}.${name}`);
  }
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties.$ref === undefined) {
    yield* declaredProperties(schema.additionalProperties, `${path}.*`);
  }
  if (schema.items !== undefined && schema.items.$ref === undefined)
    yield* declaredProperties(schema.items, `${path}[]`);
}

const PROPERTIES = [
  ...declaredProperties(SCHEMA, 'fleet'),
  ...Object.entries(SCHEMA.$defs).flatMap(([name, schema]) => [
    { path: name, schema },
    ...declaredProperties(schema, name),
  ]),
];

describe('the schema of a fleet', () => {
  it('is valid JSON Schema', () => {
    expect(ajv.validateSchema(SCHEMA as AnySchema)).toBe(true);
  });

  it.each(PROPERTIES.map(({ path, schema }) => [path, schema] as const))(
    'describes %s and gives an example that it accepts',
    (path, schema) => {
      const { description, examples } = resolved(schema);

      expect(typeof description).toBe('string');
      expect(examples).not.toHaveLength(0);
      const pointer = PROPERTY_POINTERS.get(path);
      const validate = ajv.getSchema(`${SCHEMA.$id}#${pointer ?? ''}`);
      for (const example of examples as JsonValue[]) {
        expect([path, example, validate?.(example)]).toEqual([path, example, true]);
      }
    },
  );

  it('accepts a fleet that uses every key', () => {
    expect(foundAt(EVERYTHING)).toEqual([]);
  });

  it('has no key that the whole fleet does not use', () => {
    const used = new Set(ALL.map(({ schema }) => schema['description']));
    const unused = PROPERTIES.filter(({ schema }) => !used.has(resolved(schema)['description'])).map(
      ({ path }) => path,
    );

    expect(unused.filter((path) => !NEVER_ON_ITS_OWN.test(path))).toEqual([]);
  });

  it.each(ALL.filter(({ pointer }) => pointer !== '').map(({ pointer, schema }) => [pointer, schema] as const))(
    'refuses a value of another type at %s, and there alone',
    (pointer, schema) => {
      const isText = [schema['type'] ?? 'string'].flat().includes('string');
      const takesMap = [schema['type']].flat().includes('object');
      const broken = replaced(EVERYTHING, pointer, isText || !takesMap ? { [' ']: true } : ' ');

      expect(new Set(foundAt(broken))).toEqual(new Set([pointer]));
    },
  );

  it.each(
    ALL.filter(
      ({ value, schema }) =>
        typeof value === 'object' && value !== null && !Array.isArray(value) && schema.additionalProperties === false,
    ).map(({ pointer, value }) => [pointer, value] as const),
  )('refuses a key that nobody reads in %j', (pointer, value) => {
    const broken = replaced(EVERYTHING, pointer, { ...(value as JsonObject), unheardOf: 1 });

    expect(foundAt(broken)).toEqual([appendToPointer(pointer, 'unheardOf')]);
  });

  it.each(
    ALL.flatMap(({ pointer, value, schema }) =>
      ((schema['required'] ?? []) as string[]).map((key) => [pointer, key, value] as const),
    ),
  )('misses a key of %j: %s', (pointer, key, value) => {
    const rest = Object.fromEntries<JsonValue | undefined>(
      Object.entries(value as JsonObject).filter(([name]) => name !== key),
    );

    expect(foundAt(replaced(EVERYTHING, pointer, rest))).toContain(pointer);
  });

  it('takes the releases of KubeVirt that the rest of the program knows', () => {
    const version = resolved(SCHEMA.$defs['cluster']?.properties?.['kubevirt']?.properties?.['version'] ?? {});
    const pattern = new RegExp(version['pattern'] as string, 'u');
    for (const text of [
      '1.3',
      '1.4',
      '1.5.2',
      '1.6',
      '1.9',
      '1.9.12',
      '1.10',
      '2.4',
      'v1.6',
      '1.6.x',
      '1',
      '',
      '4.17',
      '4.18',
      '4.20.7',
      '4.22',
      '4.23',
      '1.6.12345',
    ]) {
      const isKnown = parseKubeVirtVersion(text).ok || releaseInOpenShiftVirtualization(text) !== undefined;
      expect([text, pattern.test(text)]).toEqual([text, isKnown]);
    }
  });
});

/** Definitions that stand for texts of a form: they are used through the properties that refer to them. */
const NEVER_ON_ITS_OWN =
  /^(?:includedFleet|text|path|version|dns|nodeName|deviceId|pci|usbId|labels|deviceReference|devicePluginReference|devicePluginName|absolutePath|quantity|nodeReference|poolReference|fleetName)/;

const PROPERTY_POINTERS = new Map<string, Pointer>([
  ...pointersOf(SCHEMA, 'fleet', ''),
  ...Object.entries(SCHEMA.$defs).flatMap(([name, schema]) => [
    [name, `/$defs/${name}`] as const,
    ...pointersOf(schema, name, `/$defs/${name}`),
  ]),
]);

function* pointersOf(schema: Schema, path: string, pointer: Pointer): Generator<readonly [string, Pointer]> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = `${pointer}/properties/${name}`;
    yield [`${path}.${name}`, at];
    if (property.$ref === undefined) yield* pointersOf(property, `${path}.${name}`, at);
  }
  if (typeof schema.additionalProperties === 'object') {
    yield* pointersOf(schema.additionalProperties, `${path}.*`, `${pointer}/additionalProperties`);
  }
  if (schema.items !== undefined) yield* pointersOf(schema.items, `${path}[]`, `${pointer}/items`);
}
