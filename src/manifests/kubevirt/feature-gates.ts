import type { Analysis } from '../../analysis';
import { jsonAt, type JsonObject } from '../../model';

/**
 * The gates to write: those of the live object in their order, then the fleet's. The list has one owner, so one that held
 * only ours would turn the others off.
 */
export function featureGates(analysis: Analysis, live: JsonObject | undefined): string[] {
  const listed = jsonAt(live, 'spec', 'configuration', 'developerConfiguration', 'featureGates');
  const kept = Array.isArray(listed) ? listed.filter((gate): gate is string => typeof gate === 'string') : [];
  return [...new Set([...kept, ...analysis.featureGates])];
}
