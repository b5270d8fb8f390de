import { compareNatural } from '../../model';
import type { Disruption } from './disruption';
import { poolDisruptions } from './machine-config-pool';
import { byHandDisruption } from './other-platforms';
import { platformOf, type Sides } from './sides';

/**
 * Which nodes a change disrupts, unit by unit in natural order: first what the merge does, then what the deletion of what is no longer
 * written does.
 */
export function findDisruptions(sides: Sides): Disruption[] {
  const { before, after } = sides;
  const names = [...new Set([...before.units.keys(), ...after.units.keys()])].sort(compareNatural);
  const all = names.flatMap((name) => {
    const earlier = before.units.get(name);
    const later = after.units.get(name);
    const platforms = [
      ...(earlier === undefined ? [] : [platformOf(before, earlier)]),
      ...(later === undefined ? [] : [platformOf(after, later)]),
    ];
    return platforms.every((platform) => platform === 'openshift')
      ? poolDisruptions(name, sides)
      : (byHandDisruption(name, sides) ?? []);
  });
  return [...all.filter(({ when }) => when === 'merge'), ...all.filter(({ when }) => when === 'deletion')];
}
