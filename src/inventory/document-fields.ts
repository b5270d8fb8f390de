/*
 * Takes the fields of an inventory document one by one. Every method gives the value, or undefined where the field is absent
 * or cannot be used; in the second case it has said why. So one reading finds everything that is wrong with a file.
 */
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { nearestName } from '../kubevirt';
import { isJsonObject, type JsonObject, type Parsed } from '../model';
import { keyPlace, placeAt, type DocumentPlace, type Place } from '../source';
import { INVALID_VALUE, MISSING_KEY, UNKNOWN_KEY, UNQUOTED_DIGITS, WRONG_TYPE } from './problems';
import { reasonLabel, shown } from './wording';

/** A text form that a field takes. */
export interface TextForm<T> {
  /** With its article, as in "expected a PCI class". */
  readonly noun: string;
  readonly parse: (text: string) => Parsed<T>;
  /** All texts that are accepted, where they are few. */
  readonly values?: readonly string[];
}

/** Reads fields, and keeps what is wrong with them. */
export class DocumentFields {
  readonly problems: PlacedDiagnostic[] = [];
  /** Which keys each map that was read may have. */
  private readonly keysOf = new WeakMap<JsonObject, readonly string[]>();
  private readonly rawText: (place: DocumentPlace) => string | undefined;

  /** Takes the way to find what a scalar looked like in the text, asked only for values that cannot be used. */
  constructor(rawText: (place: DocumentPlace) => string | undefined) {
    this.rawText = rawText;
  }

  /** A map whose keys are all known. */
  map(value: unknown, place: Place, keys: readonly string[], key?: string): JsonObject | undefined {
    if (!isJsonObject(value)) {
      this.wrongType(value, place, 'a map', key);
      return undefined;
    }
    this.keysOf.set(value, keys);
    for (const typed of Object.keys(value)) {
      if (!keys.includes(typed)) this.unknownKey(typed, placeAt(place, typed), keys);
    }
    return value;
  }

  /** The map under a key that must be there. */
  requiredMap(parent: JsonObject, place: Place, key: string, keys: readonly string[]): JsonObject | undefined {
    if (!this.has(parent, place, key)) return undefined;
    return this.map(parent[key], placeAt(place, key), keys, key);
  }

  /** The list under a key, or undefined where the key is absent. */
  list(parent: JsonObject, place: Place, key: string): readonly unknown[] | undefined {
    const value = own(parent, key);
    if (value === undefined || Array.isArray(value)) return value;
    this.wrongType(value, placeAt(place, key), 'a list', key);
    return undefined;
  }

  /** The list under a key that must be there. */
  requiredList(parent: JsonObject, place: Place, key: string): readonly unknown[] | undefined {
    return this.has(parent, place, key) ? this.list(parent, place, key) : undefined;
  }

  /** A text of one form under a key. */
  text<T>(parent: JsonObject, place: Place, key: string, form: TextForm<T>): T | undefined {
    const value = own(parent, key);
    return value === undefined ? undefined : this.parsed(value, place, [key], form);
  }

  /** A text that must be there. */
  requiredText<T>(parent: JsonObject, place: Place, key: string, form: TextForm<T>): T | undefined {
    return this.has(parent, place, key) ? this.text(parent, place, key, form) : undefined;
  }

  /** A list of texts of one form; items that cannot be used are left out. */
  texts<T>(parent: JsonObject, place: Place, key: string, form: TextForm<T>): readonly T[] | undefined {
    return this.list(parent, place, key)?.flatMap((item, i) => {
      const text = this.parsed(item, place, [key, i], form);
      return text === undefined ? [] : [text];
    });
  }

  /** A list of maps, each reshaped; those that cannot be used are left out. */
  maps<T>(
    parent: JsonObject,
    place: Place,
    key: string,
    keys: readonly string[],
    reshape: (map: JsonObject, place: Place) => T | undefined,
  ): readonly T[] | undefined {
    return this.list(parent, place, key)?.flatMap((item, i) => {
      const at = placeAt(place, key, i);
      const map = this.map(item, at, keys);
      const value = map && reshape(map, at);
      return value === undefined ? [] : [value];
    });
  }

  /** An integer that must be there. */
  requiredInteger(parent: JsonObject, place: Place, key: string, least: number, most: number): number | undefined {
    return this.has(parent, place, key) ? this.integer(parent, place, key, least, most) : undefined;
  }

  /** An integer of a range, both ends included. */
  integer(parent: JsonObject, place: Place, key: string, least: number, most: number): number | undefined {
    const value = own(parent, key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    const at = placeAt(place, key);
    if (typeof value !== 'number' || !Number.isInteger(value)) this.wrongType(value, at, 'an integer', key);
    else this.invalid(key, String(value), at, `expected ${least} to ${most}`);
    return undefined;
  }

  /** `true` or `false`. */
  flag(parent: JsonObject, place: Place, key: string): boolean | undefined {
    const value = own(parent, key);
    if (value === undefined || typeof value === 'boolean') return value;
    this.wrongType(value, placeAt(place, key), '`true` or `false`', key);
    return undefined;
  }

  /** `path` leads from the place to the value: most values need no place of their own. */
  private parsed<T>(
    value: unknown,
    place: Place,
    path: readonly [key: string, ...item: number[]],
    form: TextForm<T>,
  ): T | undefined {
    const parsed = typeof value === 'string' ? form.parse(value) : undefined;
    if (parsed?.ok === true) return parsed.value;
    const at = placeAt(place, ...path);
    if (parsed === undefined) this.notText(path[0], value, at, form);
    else this.invalid(path[0], String(value), at, parsed.reason, form.values);
    return undefined;
  }

  private unknownKey(key: string, place: Place, keys: readonly string[]): void {
    const nearest = nearestName(key, keys);
    this.problems.push(
      stamp(UNKNOWN_KEY, {
        message: `\`${shown(key)}\` is not a key of an inventory here`,
        primary: {
          at: keyPlace(place),
          text: nearest === undefined ? 'unknown key' : `the nearest key is \`${nearest}\``,
        },
        notes: nearest === undefined ? [`keys known here: ${keys.map((known) => `\`${known}\``).join(', ')}`] : [],
        fixes:
          nearest === undefined
            ? []
            : [{ title: 'use the nearest key', safe: false, edits: [{ at: keyPlace(place), text: nearest }] }],
      }),
    );
  }

  /** Whether a key that must be there is; when it stands there misspelt, that has been said already. */
  private has(parent: JsonObject, place: Place, key: string): boolean {
    if (Object.hasOwn(parent, key)) return true;
    const keys = this.keysOf.get(parent) ?? [];
    const isMisspelt = Object.keys(parent).some((typed) => !keys.includes(typed) && nearestName(typed, keys) === key);
    if (isMisspelt) return false;
    this.problems.push(
      stamp(MISSING_KEY, {
        message: `\`${key}\` is missing`,
        primary: { at: placeAt(place, key), text: `\`${key}\` belongs in here` },
      }),
    );
    return false;
  }

  private notText<T>(key: string, value: unknown, place: Place, form: TextForm<T>): void {
    const raw = place.kind === 'document' ? this.rawText(place) : undefined;
    const meant = raw === undefined || typeof value === 'object' ? undefined : form.parse(raw);
    if (raw === undefined || meant?.ok !== true) {
      this.wrongType(value, place, form.noun, key);
      return;
    }
    this.problems.push(
      stamp(UNQUOTED_DIGITS, {
        message: `\`${key}\` is read as the ${typeof value} ${shown(String(value), 16)}, not as the text ${shown(raw, 16)}`,
        primary: { at: place, text: `expected ${form.noun} in quotes` },
        notes: ['YAML reads unquoted digits as a number and drops leading zeros'],
        fixes: [{ title: 'quote the value', safe: true, edits: [{ at: place, text: JSON.stringify(raw) }] }],
      }),
    );
  }

  private wrongType(value: unknown, place: Place, expected: string, key?: string): void {
    this.problems.push(
      stamp(WRONG_TYPE, {
        message: `${key === undefined ? 'an entry' : `\`${key}\``} is ${typeNoun(value)}, not ${expected}`,
        primary: { at: place, text: `expected ${expected}` },
        help: value === null ? ['leave the key out where the fact is not known'] : [],
      }),
    );
  }

  private invalid(key: string, value: string, place: Place, reason: string, values: readonly string[] = []): void {
    const nearest = nearestName(value, values);
    this.problems.push(
      stamp(INVALID_VALUE, {
        message: `\`${key}\` ${shown(value)} is not valid`,
        primary: { at: place, text: reasonLabel(reason) },
        notes: values.length === 0 ? [] : [`\`${key}\` takes ${values.map((known) => `\`${known}\``).join(', ')}`],
        fixes:
          nearest === undefined
            ? []
            : [{ title: 'use the nearest value', safe: false, edits: [{ at: place, text: nearest }] }],
      }),
    );
  }
}

function own(parent: JsonObject, key: string): JsonObject[string] {
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function typeNoun(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
