import { parentPointer, type Place, type Pointer } from '../source';

/** A trace from a table of spots: the place of the deepest spot that contains the pointer, or else the object's own. */
export function traceBy(places: ReadonlyMap<Pointer, Place>, own: Place): (pointer: Pointer) => Place {
  return (pointer) => {
    for (let at = pointer; at !== ''; at = parentPointer(at)) {
      const place = places.get(at);
      if (place !== undefined) return place;
    }
    return own;
  };
}
