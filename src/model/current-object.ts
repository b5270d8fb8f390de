import type { Place } from '../source';
import type { JsonObject } from './json';

/** A live object as `kubectl get -o yaml` prints it. */
export interface CurrentObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly content: JsonObject;
  readonly place: Place;
}
