import { InternalError } from '../../diagnostics';
import { INT_OR_STRING, QUANTITY, type Definitions, type ReducedSchema } from './reduced-schema';

/** What JSON.parse can give, as far as a schema names it. */
export type ScalarType = 'string' | 'integer' | 'number' | 'boolean';

/** An object with known fields; every other field is refused. */
export interface ObjectShape {
  readonly kind: 'object';
  /** `v1.GPU`; undefined for an object that is written out where it is used. */
  readonly name: string | undefined;
  readonly fields: ReadonlyMap<string, Shape>;
  readonly required: readonly string[];
  readonly nullable: boolean;
}

/** An object whose keys are free. */
export interface MapShape {
  readonly kind: 'map';
  readonly values: Shape;
  readonly nullable: boolean;
}

/** An array; bounds count items and are inclusive. */
export interface ListShape {
  readonly kind: 'list';
  readonly items: Shape;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  readonly nullable: boolean;
}

/** A text, number or truth value; bounds are inclusive, lengths count UTF-16 code units. */
export interface ScalarShape {
  readonly kind: 'scalar';
  readonly types: readonly ScalarType[];
  readonly values: readonly string[] | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly pattern: RegExp | undefined;
  readonly nullable: boolean;
}

/**
 * A schema made ready for walking: references followed, fields in maps, so that a key such as `constructor` of the input
 * finds nothing. `quantity` and `int-or-string` take a number or a text; `any-object` any object; `anything` any value.
 */
export type Shape =
  | ObjectShape
  | MapShape
  | ListShape
  | ScalarShape
  | { readonly kind: 'quantity' | 'int-or-string' | 'any-object' | 'anything'; readonly nullable: boolean };

/** Inclusive ranges of the integer formats. */
const INTEGER_RANGES: ReadonlyMap<string | undefined, { readonly minimum: number; readonly maximum: number }> = new Map(
  [
    ['byte', { minimum: 0, maximum: 255 }],
    ['int32', { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }],
    ['int64', { minimum: -(2 ** 63), maximum: 2 ** 63 }],
  ],
);

/**
 * The shapes of one set of definitions, made when first asked for.
 *
 * References of the tables form no circle (a test of the table says so), so every shape is finite.
 */
export class Shapes {
  private readonly definitions: Definitions;
  private readonly byName = new Map<string, Shape>();

  /** Keeps the definitions; nothing is made yet. */
  constructor(definitions: Definitions) {
    this.definitions = definitions;
  }

  /** Names of all definitions. */
  names(): string[] {
    return Object.keys(this.definitions);
  }

  /** The shape of a definition, or undefined when there is none of this name. */
  find(name: string): Shape | undefined {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const schema = Object.hasOwn(this.definitions, name) ? this.definitions[name] : undefined;
    if (schema === undefined) return undefined;
    const shape = this.shapeOf(schema, name);
    this.byName.set(name, shape);
    return shape;
  }

  /**
   * The shape of a definition that the caller knows to be there.
   *
   * @throws InternalError when there is none of this name.
   */
  require(name: string): Shape {
    const shape = this.find(name);
    if (shape === undefined) throw new InternalError(`the schema table holds no definition ${name}`);
    return shape;
  }

  private shapeOf(schema: ReducedSchema, name: string | undefined): Shape {
    const nullable = schema.nullable === true;
    if (schema.$ref !== undefined) return this.referenced(schema.$ref);
    if (schema.open === true) return { kind: schema.type === 'object' ? 'any-object' : 'anything', nullable };
    if (schema.properties !== undefined || (schema.type === 'object' && schema.additionalProperties === undefined)) {
      const properties = Object.entries(schema.properties ?? {});
      return {
        kind: 'object',
        name,
        fields: new Map(properties.map(([field, value]) => [field, this.shapeOf(value, undefined)])),
        required: schema.required ?? [],
        nullable,
      };
    }
    if (schema.additionalProperties !== undefined) {
      return { kind: 'map', values: this.shapeOf(schema.additionalProperties, undefined), nullable };
    }
    if (schema.type === 'array') {
      const items: Shape = schema.items ? this.shapeOf(schema.items, undefined) : { kind: 'anything', nullable: false };
      return { kind: 'list', items, minItems: schema.minItems, maxItems: schema.maxItems, nullable };
    }
    return scalarShape(schema, nullable);
  }

  private referenced(name: string): Shape {
    if (name === QUANTITY) return { kind: 'quantity', nullable: false };
    if (name === INT_OR_STRING) return { kind: 'int-or-string', nullable: false };
    return this.require(name);
  }
}

function scalarShape(schema: ReducedSchema, nullable: boolean): ScalarShape {
  const range = INTEGER_RANGES.get(schema.format);
  return {
    kind: 'scalar',
    types: (Array.isArray(schema.type) ? schema.type : [schema.type]) as readonly ScalarType[],
    values: schema.enum,
    minimum: schema.minimum ?? range?.minimum,
    maximum: schema.maximum ?? range?.maximum,
    minLength: schema.minLength,
    maxLength: schema.maxLength,
    pattern: schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u'),
    nullable,
  };
}
