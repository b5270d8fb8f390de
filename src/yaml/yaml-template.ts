/*
 * Objects that are alike but for a few texts and numbers are alike but for these in YAML too: what is around them is written once.
 */
import { InternalError } from '../diagnostics';
import type { JsonObject } from '../model';
import { emitWithSpots, outermostKeys, scalarBehind, sortedKeys, type ScalarSpot } from './emit-yaml';

/** A JSON value that is no collection. */
export type Scalar = string | number | boolean | null;

/** The scalars in which an object differs from the one that a template was made of, in the order in which they are written. */
export interface Differences {
  readonly spots: DifferingSpots;
  /** What is there instead. */
  readonly values: readonly Scalar[];
}

/** Where objects differ from the one that a template was made of. Thousands differ in the same scalars, and have this in common. */
export interface DifferingSpots {
  /** Numbers of scalars: the first one that is written is 0. */
  readonly numbers: readonly number[];
  /** The text around them, one piece more than there are scalars. */
  readonly around: readonly string[];
  /** How deep each stands. */
  readonly depths: readonly number[];
}

/** One value of the object that a template was made of. */
interface Part {
  /** Of a map, as they are written. */
  readonly keys: readonly string[] | undefined;
  /** The values of a map or a list. */
  readonly parts: readonly Part[] | undefined;
  /** What each of them was, a collection itself too: most are the same, which is seen without a look at what they hold. */
  readonly values: readonly unknown[];
  /** Of a scalar. */
  readonly number: number;
}

/** A place in an object: keys and positions. */
type Path = readonly (string | number)[];

/** What objects that are alike are written from. None of the objects may change as long as it is used. */
export class YamlTemplate {
  private readonly root: Part;
  private readonly text: string;
  private readonly spots: readonly ScalarSpot[];
  private readonly paths: readonly Path[];
  /** Those of the last object. */
  private last: DifferingSpots;

  private constructor(root: Part, object: JsonObject, paths: readonly Path[]) {
    this.root = root;
    this.paths = paths;
    ({ text: this.text, spots: this.spots } = emitWithSpots(object));
    this.last = this.spotsAt([]);
  }

  /** A template of an object; undefined when it holds anything but what JSON has. */
  static of(object: JsonObject): YamlTemplate | undefined {
    const paths: Path[] = [];
    const root = partOf(object, [], paths);
    return root === undefined ? undefined : new YamlTemplate(root, object, paths);
  }

  /**
   * How another object differs from the one that this was made of; undefined when it has other keys somewhere, another number of
   * items, or a collection where that one has a scalar.
   */
  differencesOf(object: JsonObject): Differences | undefined {
    const found: Found = { numbers: [], values: [] };
    if (!compare(this.root, object, found)) return undefined;
    if (!areEqual(found.numbers, this.last.numbers)) this.last = this.spotsAt(found.numbers.slice());
    // many are kept: a copy has no room to grow
    return { spots: this.last, values: found.values.slice() };
  }

  /** Where a scalar stands in the object. */
  pathOf(number: number): Path {
    return this.paths[number] ?? [];
  }

  private spotsAt(numbers: readonly number[]): DifferingSpots {
    const around: string[] = [];
    const depths: number[] = [];
    let written = 0;
    for (const number of numbers) {
      const spot = this.spots[number];
      if (spot === undefined) throw new InternalError(`a template has no scalar ${number}`);
      around.push(this.text.slice(written, spot.start));
      depths.push(spot.depth);
      written = spot.end;
    }
    return { numbers, around: [...around, this.text.slice(written)], depths };
  }
}

/** The text of an object that differs so: what `emitYaml` makes of it as a marked document. */
export function writeDifferences({ spots: { around, depths }, values }: Differences): string {
  let text = around[0] ?? '';
  for (let i = 0; i < values.length; i++) text += scalarBehind(values[i], depths[i] ?? 0) + (around[i + 1] ?? '');
  return text;
}

/** What a comparison has found so far. */
interface Found {
  readonly numbers: number[];
  readonly values: Scalar[];
}

function areEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** @param paths - takes the path of each scalar */
function partOf(value: unknown, path: Path, paths: Path[]): Part | undefined {
  if (isScalar(value)) return { keys: undefined, parts: undefined, values: [], number: paths.push(path) - 1 };
  if (!Array.isArray(value) && !isPlainMap(value)) return undefined;
  const keys = Array.isArray(value) ? undefined : path.length === 0 ? outermostKeys(value) : sortedKeys(value);
  const items = Array.isArray(value) ? (value as readonly unknown[]) : (keys ?? []).map((key) => value[key]);
  const parts: Part[] = [];
  for (const [i, item] of items.entries()) {
    const part = partOf(item, [...path, keys?.[i] ?? i], paths);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return { keys, parts, values: items, number: -1 };
}

/** Looks for what differs in a value that is not the same as the part's. */
function compare(part: Part | undefined, value: unknown, found: Found): boolean {
  if (part === undefined) return false;
  const { keys, parts, values } = part;
  if (parts === undefined) {
    if (!isScalar(value)) return false;
    found.numbers.push(part.number);
    found.values.push(value);
    return true;
  }
  if (keys === undefined) {
    if (!Array.isArray(value) || value.length !== parts.length) return false;
    for (let i = 0; i < parts.length; i++)
      if (value[i] !== values[i] && !compare(parts[i], value[i], found)) return false;
    return true;
  }
  // as many keys as there are, each with a value: they are the same keys
  if (!isPlainMap(value) || keyCount(value) !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const item = value[keys[i] ?? ''];
    if (item !== values[i] && !compare(parts[i], item, found)) return false;
  }
  return true;
}

/** Counted without a list of them: of ten thousand objects, these lists are a tenth of all memory that is asked for. */
function keyCount(map: Readonly<Record<string, unknown>>): number {
  let count = 0;
  for (const _ in map) count++;
  return count;
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

/** A map that inherits nothing that could be taken for an entry of its own. */
function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
