import { compareText, isJsonObject, type JsonObject } from '../../model';
import type { Place } from '../../source';

/*
 * A document is checked before it is turned into a model, and every complaint is already made. What is read here is what is
 * usable all the same, so that one mistake does not hide the next: anything else counts as not written.
 */

/** The place of a value below an entity: `at('passthrough', 0)`; without a path the entity's own. */
export type PlaceBelow = (...path: readonly (string | number)[]) => Place;

/** A text, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The text when it is one of these, or undefined. */
export function choiceOf<Choice extends string>(value: unknown, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === value);
}

/** Whether a value is the boolean true. */
export function isTrue(value: unknown): boolean {
  return value === true;
}

/** A whole number, or undefined. */
export function wholeNumberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** A list's items; none for anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A map; an empty one for anything else. */
export function mapOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The entries of a map that have a value, in the order of their keys, so that the input's own order means nothing. */
export function sortedEntries(value: unknown): [string, unknown][] {
  return Object.entries(mapOf(value))
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => compareText(a, b));
}

/** The texts of a list with their places. */
export function placedTexts(value: unknown, at: PlaceBelow): { readonly text: string; readonly place: Place }[] {
  return itemsOf(value).flatMap((item, i) => (typeof item === 'string' ? [{ text: item, place: at(i) }] : []));
}

/** The entries of a map whose values are texts; undefined where there is no map. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(
    sortedEntries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The same place function, one step further down. */
export function below(at: PlaceBelow, ...path: readonly (string | number)[]): PlaceBelow {
  return (...rest) => at(...path, ...rest);
}
