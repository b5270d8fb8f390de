import type { AdvertisedResource, AnalysedNode } from '../../analysis';

/**
 * How many of a resource a Node must offer; undefined: nobody can tell. Of vGPUs whose card is there, and of which no text says how many it
 * makes, it is one.
 */
export function expectedCount(
  { functions }: Pick<AnalysedNode, 'functions'>,
  { resource: { device }, count }: Pick<AdvertisedResource, 'resource' | 'count'>,
): number | undefined {
  if (count !== undefined) return count;
  if (device.kind !== 'mdev' && device.kind !== 'vgpu') return undefined;
  const card = device.parent?.id;
  const cards = functions.filter(({ fact }) => card !== undefined && fact.id === card);
  // where the card shows its types, that the count is not known means that another may take its place
  return cards.length > 0 && cards.every(({ fact }) => fact.mdevTypes === undefined) ? 1 : undefined;
}
