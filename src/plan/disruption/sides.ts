import { compareNatural } from '../../model';
import type { Baseline, UnitState } from '../baseline/baseline';

/** One side of a plan, by unit and by node. */
export interface Side {
  readonly baseline: Baseline;
  readonly units: ReadonlyMap<string, UnitState>;
  /** The nodes that the fleet names, natural order. */
  readonly nodesByUnit: ReadonlyMap<string, readonly string[]>;
  readonly unitByNode: ReadonlyMap<string, string>;
}

/** Both. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** A baseline with what is looked up in it. */
export function toSide(baseline: Baseline): Side {
  const nodesByUnit = new Map<string, string[]>();
  const unitByNode = new Map<string, string>();
  for (const { unit, nodes } of baseline.pools)
    for (const { name } of nodes) {
      if (unitByNode.has(name)) continue;
      unitByNode.set(name, unit);
      const own = nodesByUnit.get(unit);
      if (own === undefined) nodesByUnit.set(unit, [name]);
      else own.push(name);
    }
  for (const own of nodesByUnit.values()) own.sort(compareNatural);
  return { baseline, units: new Map(baseline.units.map((unit) => [unit.name, unit])), nodesByUnit, unitByNode };
}

/** What the nodes of a unit take their preparation from. */
export function platformOf({ baseline }: Side, unit: UnitState): Baseline['cluster']['nodePlatform'] {
  return unit.platform ?? baseline.cluster.nodePlatform;
}
