import { parseBdfAddress, type DeclaredAddress, type DeclaredAddresses } from '../../model';
import type { Place } from '../../source';
import { below, placedTexts, sortedEntries, type PlaceBelow } from './values';

/** An address as typed, beside its canonical form: `0000:5E:00.0` and `0000:5e:00.0`. */
export function toDeclaredAddress(text: string, place: Place): DeclaredAddress {
  const address = parseBdfAddress(text);
  return { text, address: address.ok ? address.value : undefined, place };
}

/** A list of addresses. */
export function toDeclaredAddressList(value: unknown, at: PlaceBelow): DeclaredAddress[] {
  return placedTexts(value, at).map(({ text, place }) => toDeclaredAddress(text, place));
}

/** The `addresses` of a passthrough entry: a list is for every node, a map is node by node, and nothing is every match. */
export function toDeclaredAddresses(value: unknown, at: PlaceBelow): DeclaredAddresses {
  if (value === undefined) return { kind: 'all-matching' };
  // an unusable value must not widen the declaration to every function that matches
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'every-node', addresses: toDeclaredAddressList(value, at) };
  }
  return {
    kind: 'by-node',
    byNode: sortedEntries(value).map(([node, addresses]) => ({
      node,
      addresses: toDeclaredAddressList(addresses, below(at, node)),
      place: at(node),
    })),
  };
}
