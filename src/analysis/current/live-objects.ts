import { isJsonObject, jsonAt, type CurrentObject, type JsonObject, type JsonValue } from '../../model';
import { placeAt, type Place } from '../../source';

/** Live objects by API group and kind: `nvidia.com` ClusterPolicy is another kind than `kyverno.io` ClusterPolicy. */
export class LiveObjects {
  private readonly byKind = new Map<string, CurrentObject[]>();

  /** Groups the objects; their order is kept. */
  constructor(objects: readonly CurrentObject[]) {
    for (const object of objects) {
      const key = `${groupOf(object.apiVersion)} ${object.kind}`;
      const known = this.byKind.get(key);
      if (known === undefined) this.byKind.set(key, [object]);
      else known.push(object);
    }
  }

  /** All objects of a kind; the core group is the empty text. */
  of(group: string, kind: string): readonly CurrentObject[] {
    return this.byKind.get(`${group} ${kind}`) ?? [];
  }
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** A text of a live object with the place that it stands at. */
export interface LiveText {
  readonly text: string;
  readonly place: Place;
}

/** The texts of a list in a live object; what is no text is passed over. */
export function liveTexts(object: CurrentObject, ...path: readonly (string | number)[]): LiveText[] {
  return listAt(object.content, ...path).flatMap((text, i) =>
    typeof text === 'string' ? [{ text, place: placeAt(object.place, ...path, i) }] : [],
  );
}

/** A list in an object; an empty one where there is none. */
export function listAt(content: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
  const value = jsonAt(content, ...path);
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** A text in an object, or undefined. */
export function textAt(content: JsonValue | undefined, ...path: readonly (string | number)[]): string | undefined {
  const value = jsonAt(content, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** A map in an object; an empty one where there is none. */
export function mapAt(content: JsonValue | undefined, ...path: readonly (string | number)[]): JsonObject {
  const value = jsonAt(content, ...path);
  return isJsonObject(value) ? value : {};
}

/** Whether labels have everything that a map of labels asks for; an empty map asks for nothing. */
export function hasLabels(labels: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
