/*
 * Objects that are alike but for a few texts and numbers are alike but for these in YAML too: what is around them is written once.
 */
import type { JsonObject } from '../model';
import { emitWithSpots, outermostKeys, scalarBehind, sortedKeys, type ScalarSpot } from './emit-yaml';

/** A JSON value that is no collection. */
export type Scalar = string | number | boolean | null;

/** The scalars in which an object differs from the one that a template was made of, in the order in which they are written. */
export interface Differences {
  /** Numbers of scalars: the first one that is written is 0. */
  readonly at: readonly number[];
  /** What is there instead. */
  readonly values: readonly Scalar[];
}

/** One value of the object that a template was made of. */
interface Part {
  /** Of a map, as they are written. */
  readonly keys: readonly string[] | undefined;
  /** The values of a map or a list. */
  readonly parts: readonly Part[] | undefined;
  readonly scalar: Scalar;
  /** Of a scalar. */
  readonly number: number;
}

/** A place in an object: keys and positions. */
type Path = readonly (string | number)[];

/** What objects that are alike are written from. It keeps nothing of the object it was made of but texts and numbers. */
export class YamlTemplate {
  private readonly root: Part;
  private readonly text: string;
  private readonly spots: readonly ScalarSpot[];
  private readonly paths: readonly Path[];

  private constructor(root: Part, object: JsonObject, paths: readonly Path[]) {
    this.root = root;
    this.paths = paths;
    ({ text: this.text, spots: this.spots } = emitWithSpots(object));
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
    const found: { at: number[]; values: Scalar[] } = { at: [], values: [] };
    if (!compare(this.root, object, found)) return undefined;
    // many are kept: copies have no room to grow
    return { at: found.at.slice(), values: found.values.slice() };
  }

  /** The text of an object that differs so: what `emitYaml` makes of it as a marked document. */
  write({ at, values }: Differences): string {
    let text = '';
    let written = 0;
    for (let i = 0; i < at.length; i++) {
      const spot = this.spots[at[i] ?? 0];
      const value = values[i];
      if (spot === undefined || value === undefined) continue;
      text += this.text.slice(written, spot.start) + scalarBehind(value, spot.depth);
      written = spot.end;
    }
    return text + this.text.slice(written);
  }

  /** Where a scalar stands in the object. */
  pathOf(number: number): Path {
    return this.paths[number] ?? [];
  }
}

/** @param paths - takes the path of each scalar */
function partOf(value: unknown, path: Path, paths: Path[]): Part | undefined {
  if (isScalar(value)) return { keys: undefined, parts: undefined, scalar: value, number: paths.push(path) - 1 };
  if (!Array.isArray(value) && !isPlainMap(value)) return undefined;
  const keys = Array.isArray(value) ? undefined : path.length === 0 ? outermostKeys(value) : sortedKeys(value);
  const items = Array.isArray(value) ? (value as readonly unknown[]) : (keys ?? []).map((key) => value[key]);
  const parts: Part[] = [];
  for (const [i, item] of items.entries()) {
    const part = partOf(item, [...path, keys?.[i] ?? i], paths);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return { keys, parts, scalar: null, number: -1 };
}

function compare(part: Part | undefined, value: unknown, found: { at: number[]; values: Scalar[] }): boolean {
  if (part === undefined) return false;
  const { keys, parts } = part;
  if (parts === undefined) {
    if (value === part.scalar) return true;
    if (!isScalar(value)) return false;
    found.at.push(part.number);
    found.values.push(value);
    return true;
  }
  if (keys === undefined) {
    if (!Array.isArray(value) || value.length !== parts.length) return false;
    for (let i = 0; i < parts.length; i++) if (!compare(parts[i], value[i], found)) return false;
    return true;
  }
  // as many keys as there are, each with a value: they are the same keys
  if (!isPlainMap(value) || keyCount(value) !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) if (!compare(parts[i], value[keys[i] ?? ''], found)) return false;
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
