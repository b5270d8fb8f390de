/*
 * Checks a value against a shape, in one descent that allocates nothing until something is wrong. Only what a shape
 * describes is entered, and shapes are finite, so the depth of the input does not matter.
 *
 * Null follows the API server: a null field is dropped before validation, so it counts as absent; a null item of a list is
 * refused. A null entry of a map is dropped as well, but `nodeSelector: { zone: }` never means "no entry", so it is
 * complained of.
 */
import { appendToPointer } from '../../source';
import { nearestName } from '../nearest-name';
import type { SchemaComplaint, SchemaComplaintKind } from './complaint';
import type { ListShape, MapShape, ObjectShape, ScalarShape, ScalarType, Shape } from './shape';

/** Where the walk is, and what it found so far. */
interface Walk {
  readonly path: (string | number)[];
  readonly complaints: SchemaComplaint[];
}

/**
 * Everything in a value that a shape does not allow, in the order of the walk. Undefined members count as absent.
 *
 * @param path where the value stands, put in front of every pointer
 */
export function complaintsAgainst(shape: Shape, value: unknown, path: readonly string[] = []): SchemaComplaint[] {
  const walk: Walk = { path: [...path], complaints: [] };
  visit(walk, shape, value);
  return walk.complaints;
}

function visit(walk: Walk, shape: Shape, value: unknown): void {
  if (value === null && shape.nullable) return;
  switch (shape.kind) {
    case 'object':
      visitObject(walk, shape, value);
      return;
    case 'map':
      visitMap(walk, shape, value);
      return;
    case 'list':
      visitList(walk, shape, value);
      return;
    case 'scalar':
      visitScalar(walk, shape, value);
      return;
    case 'quantity':
      visitQuantity(walk, value);
      return;
    case 'int-or-string':
      if (typeof value !== 'string' && !Number.isFinite(value)) complainOfType(walk, 'a number or a text', value);
      return;
    case 'any-object':
      if (!isObject(value)) complainOfType(walk, 'an object', value);
      return;
    case 'anything':
      return;
  }
}

function visitObject(walk: Walk, shape: ObjectShape, value: unknown): void {
  if (!isObject(value)) {
    complainOfType(walk, 'an object', value);
    return;
  }
  let misspelt: Set<string | undefined> | undefined;
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    const field = shape.fields.get(key);
    walk.path.push(key);
    if (field === undefined) (misspelt ??= new Set()).add(complainOfUnknownField(walk, shape, key));
    else if (member !== null || field.nullable) visit(walk, field, member);
    walk.path.pop();
  }
  for (const name of shape.required) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined && (member !== null || shape.fields.get(name)?.nullable === true)) continue;
    // a misspelt field and the missing one that it means are one mistake
    if (misspelt?.has(name)) continue;
    walk.path.push(name);
    complain(walk, 'missing-field', nameOf(shape.fields.get(name)), member === null ? 'null' : 'nothing');
    walk.path.pop();
  }
}

function visitMap(walk: Walk, shape: MapShape, value: unknown): void {
  if (!isObject(value)) {
    complainOfType(walk, 'a map', value);
    return;
  }
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    walk.path.push(key);
    visit(walk, shape.values, member);
    walk.path.pop();
  }
}

function visitList(walk: Walk, shape: ListShape, value: unknown): void {
  if (!Array.isArray(value)) {
    complainOfType(walk, 'a list', value);
    return;
  }
  const items = value as readonly unknown[];
  const count = items.length;
  if (count < (shape.minItems ?? 0) || count > (shape.maxItems ?? Infinity)) {
    complain(walk, 'out-of-bounds', rangeText(shape.minItems, shape.maxItems, 'items'), `${count} items`);
  }
  for (let index = 0; index < count; index++) {
    walk.path.push(index);
    visit(walk, shape.items, items[index]);
    walk.path.pop();
  }
}

function visitScalar(walk: Walk, shape: ScalarShape, value: unknown): void {
  if (!shape.types.some((type) => isOfType(value, type))) {
    complainOfType(walk, nameOf(shape), value);
  } else if (typeof value === 'number') {
    if (value < (shape.minimum ?? -Infinity) || value > (shape.maximum ?? Infinity)) {
      complain(walk, 'out-of-bounds', rangeText(shape.minimum, shape.maximum), foundText(value));
    }
  } else if (typeof value === 'string') {
    visitText(walk, shape, value);
  }
}

function visitText(walk: Walk, shape: ScalarShape, text: string): void {
  if (shape.values !== undefined && !shape.values.includes(text)) {
    complain(
      walk,
      'not-in-enum',
      `one of ${shape.values.join(', ')}`,
      foundText(text),
      nearestName(text, shape.values),
    );
  } else if (text.length < (shape.minLength ?? 0) || text.length > (shape.maxLength ?? Infinity)) {
    const found = `${text.length} characters`;
    complain(walk, 'out-of-bounds', rangeText(shape.minLength, shape.maxLength, 'characters'), found);
  } else if (shape.pattern !== undefined && !shape.pattern.test(text)) {
    complain(walk, 'malformed', `a text that matches ${shape.pattern.source}`, foundText(text));
  }
}

/**
 * Kubernetes' grammar of quantities, whose reader cuts blanks around the text.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/api/resource/quantity.go
 */
const QUANTITY_FORM = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?(?:\d+(?:\.\d*)?|\.\d+))?$/;

function visitQuantity(walk: Walk, value: unknown): void {
  if (typeof value === 'string') {
    if (!QUANTITY_FORM.test(value.trim())) {
      complain(walk, 'malformed', 'a quantity such as 500m or 16Gi', foundText(value));
    }
  } else if (!Number.isFinite(value)) {
    complainOfType(walk, 'a quantity such as 500m or 16Gi', value);
  }
}

function isOfType(value: unknown, type: ScalarType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function complainOfType(walk: Walk, expected: string, value: unknown): void {
  complain(walk, 'wrong-type', expected, foundText(value));
}

/** @returns the known field that the unknown one most likely means. */
function complainOfUnknownField(walk: Walk, shape: ObjectShape, key: string): string | undefined {
  const parent = [...walk.path].reverse().find((step, depth) => depth > 0 && typeof step === 'string');
  const owner = shape.name ?? (parent === undefined ? 'this object' : String(parent));
  const suggestion = nearestName(key, shape.fields.keys());
  complain(walk, 'unknown-field', `a field of ${owner}`, foundText(key), suggestion);
  return suggestion;
}

function complain(walk: Walk, kind: SchemaComplaintKind, expected: string, found: string, suggestion?: string): void {
  const pointer = appendToPointer('', ...walk.path);
  walk.complaints.push({ pointer, kind, expected, found, ...(suggestion === undefined ? {} : { suggestion }) });
}

const SCALAR_NAMES: Readonly<Record<ScalarType, string>> = {
  string: 'a text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
};

function nameOf(shape: Shape | undefined): string {
  switch (shape?.kind) {
    case 'object':
    case 'any-object':
      return 'an object';
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      return shape.types.map((type) => SCALAR_NAMES[type]).join(' or ');
    case 'quantity':
      return 'a quantity such as 500m or 16Gi';
    case 'int-or-string':
      return 'a number or a text';
    case 'anything':
    case undefined:
      return 'a value';
  }
}

function rangeText(from: number | undefined, to: number | undefined, unit?: string): string {
  const suffix = unit === undefined ? '' : ` ${unit}`;
  if (from === undefined) return `at most ${to ?? 0}${suffix}`;
  return to === undefined ? `at least ${from}${suffix}` : `${from} to ${to}${suffix}`;
}

/** How many characters of a text from the input are shown. */
const SHOWN_CHARACTERS = 40;

function foundText(value: unknown): string {
  if (typeof value === 'string') {
    const shown = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
    return `the text ${JSON.stringify(shown)}`;
  }
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
