/*
 * Reads values of unknown form. A baseline comes from another branch or a folder: whatever has not the form that it must have is
 * refused with the place, before anything is made of it.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../model';

/** Why a value is not what it must be, with where: `units[0].name is no text`. */
export class Malformed extends Error {
  /** Takes the reason. */
  constructor(reason: string) {
    super(reason);
    this.name = 'Malformed';
  }
}

/** Makes a typed value of one of unknown form; throws {@link Malformed}. */
export type Decoder<T> = (value: JsonValue | undefined, at: string) => T;

/** A text of at most 4096 characters: nothing that is compared is longer. */
export const text: Decoder<string> = (value, at) => {
  if (typeof value !== 'string') throw new Malformed(`${at} is no text`);
  if (value.length > 4096) throw new Malformed(`${at} is longer than 4096 characters`);
  return value;
};

/** A whole number from 0. */
export const count: Decoder<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Malformed(`${at} is no count`);
  return value;
};

/** `true` or `false`. */
export const flag: Decoder<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new Malformed(`${at} is neither true nor false`);
  return value;
};

/** What may be left out. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, at) => (value === undefined ? undefined : decoder(value, at));
}

/** What may be null besides. */
export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value, at) => (value === null ? null : decoder(value, at));
}

/** What has a value to stand in for it where it is left out. */
export function otherwise<T>(decoder: Decoder<T>, standIn: T): Decoder<T> {
  return (value, at) => (value === undefined ? standIn : decoder(value, at));
}

/** One of some texts. */
export function oneOf<T extends string>(...words: readonly T[]): Decoder<T> {
  return (value, at) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Malformed(`${at} is none of ${words.join(', ')}`);
    return found;
  };
}

/** A list of alike values. */
export function listOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new Malformed(`${at} is no list`);
    return (value as readonly JsonValue[]).map((one, i) => item(one, `${at}[${i}]`));
  };
}

/** A map of alike values, in its order. */
export function mapOf<T>(item: Decoder<T>): Decoder<ReadonlyMap<string, T>> {
  return (value, at) =>
    new Map(
      Object.entries(record(value, at)).map(([key, one]) => [
        text(key, `a key of ${at}`),
        item(one as JsonValue, `${at}.${key}`),
      ]),
    );
}

/** A map whose keys are fields. */
export function record(value: JsonValue | undefined, at: string): JsonObject {
  if (!isJsonObject(value)) throw new Malformed(`${at} is no map`);
  return value;
}

/** A field of a map that is its own. */
export function field<T>(owner: JsonObject, name: string, decoder: Decoder<T>, at: string): T {
  const value = Object.hasOwn(owner, name) ? owner[name] : undefined;
  return decoder(value, `${at}.${name}`);
}
