import { pointerSegments, type Pointer } from '../../source';
import { FLEET_SHAPE } from '../fleet-validator.generated';

/** A schema without its prose, as far as diagnostics ask it. */
export interface Shape {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape | boolean>>;
  readonly additionalProperties?: Shape | boolean;
  readonly propertyNames?: Shape;
  readonly items?: Shape;
  readonly 'x-expected'?: string;
  readonly 'x-form'?: string;
}

/** What the schema says about one spot of a document. */
export interface SpotShape {
  readonly shape: Shape;
  /** The definition that it is, `nodePool`, or the key that it stands under. */
  readonly name: string;
  /** Whether the last key of the pointer is an id that the user chose: a device's, a node's, a label's. */
  readonly isEntry: boolean;
}

/** Which schema a document follows: the fleet's own, or that of a file which it includes. */
export type DocumentRole = 'fleet' | 'included';

const ROOT = FLEET_SHAPE as unknown as Shape & { readonly $defs: Readonly<Record<string, Shape>> };
const REFERENCE = '#/$defs/';

/** The schema at a pointer, or undefined where the schema leaves the content open (`spec` of a VM) or knows no such key. */
export function shapeAt(role: DocumentRole, pointer: Pointer): SpotShape | undefined {
  let spot: SpotShape = {
    shape: role === 'fleet' ? ROOT : resolve({ $ref: `${REFERENCE}includedFleet` }).shape,
    name: role,
    isEntry: false,
  };
  for (const segment of pointerSegments(pointer)) {
    const child = childOf(spot.shape, segment);
    if (child === undefined) return undefined;
    const { shape, name } = resolve(child.shape);
    spot = { shape, name: name ?? (child.isItem ? spot.name : segment), isEntry: child.isEntry };
  }
  return spot;
}

function childOf(
  shape: Shape,
  segment: string,
): { readonly shape: Shape; readonly isEntry: boolean; readonly isItem: boolean } | undefined {
  const property =
    shape.properties !== undefined && Object.hasOwn(shape.properties, segment) ? shape.properties[segment] : undefined;
  if (typeof property === 'object') return { shape: property, isEntry: false, isItem: false };
  if (shape.items !== undefined && /^\d+$/.test(segment)) return { shape: shape.items, isEntry: false, isItem: true };
  if (typeof shape.additionalProperties !== 'object') return undefined;
  return { shape: shape.additionalProperties, isEntry: true, isItem: false };
}

/** A schema with its references followed. */
export function resolvedShape(shape: Shape): Shape {
  return resolve(shape).shape;
}

/** Follows references; what stands beside one adds to what it names. The name is that of the first definition. */
function resolve(shape: Shape): { readonly shape: Shape; readonly name: string | undefined } {
  let resolved = shape;
  let name: string | undefined;
  for (let reference = shape.$ref; reference !== undefined;) {
    const next: string = reference.slice(REFERENCE.length);
    const target: Shape | undefined = ROOT.$defs[next];
    name ??= next;
    resolved = { ...target, ...resolved };
    reference = target?.$ref;
  }
  return { shape: resolved, name };
}
