import type { JsonObject } from '../../model';
import type { Shape } from './shape';
import { shapeOfObject, type ValidationTarget } from './validate';
import { complaintsAgainst } from './walk';

/** Whether an object stays as valid as it is with another scalar at one place. */
export type ScalarCheck = (value: unknown) => boolean;

const NAMES: ReadonlySet<string | number | undefined> = new Set(['name', 'generateName']);

/**
 * The check of one scalar of a valid object, so that of objects that differ in scalars only one has to be validated. `undefined` where
 * more than the scalar decides: the two that say what the object is, and what no schema describes.
 */
export function scalarCheck(
  target: ValidationTarget,
  valid: JsonObject,
  path: readonly (string | number)[],
): ScalarCheck | undefined {
  const [first, second, ...rest] = path;
  if (second === undefined) return undefined;
  // an object without a name is refused by no schema
  const isName = first === 'metadata' && rest.length === 0 && NAMES.has(second);
  const shape = path.reduce<Shape | undefined>(below, shapeOfObject(target, valid));
  if (shape === undefined) return undefined;
  return (value) => value !== null && !(isName && value === '') && complaintsAgainst(shape, value).length === 0;
}

function below(shape: Shape | undefined, step: string | number): Shape | undefined {
  switch (shape?.kind) {
    case 'object':
      return shape.fields.get(String(step));
    case 'map':
      return shape.values;
    case 'list':
      return shape.items;
    case 'any-object':
    case 'anything':
      return { kind: 'anything', nullable: false };
    case 'scalar':
    case 'quantity':
    case 'int-or-string':
    case undefined:
      return undefined;
  }
}
