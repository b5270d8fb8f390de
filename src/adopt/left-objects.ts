import { compareNatural, type CurrentObject } from '../model';
import type { LeftObjects } from './adoption';

/** Collects what is not taken over; an object is named once for each reason. */
export class LeftList {
  private readonly groups = new Map<string, { kind: string; reason: string; names: Set<string> }>();

  /** Says that an object, or a part of one, stays with its owner. */
  add(kind: string, name: string, reason: string): void {
    const key = JSON.stringify([kind, reason]);
    const group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, { kind, reason, names: new Set([name]) });
    else group.names.add(name);
  }

  /** The same for an object. */
  addObject(object: CurrentObject, reason: string): void {
    this.add(object.kind, fullName(object), reason);
  }

  /** Whether something was said about an object. */
  has(object: CurrentObject): boolean {
    const name = fullName(object);
    return [...this.groups.values()].some(({ kind, names }) => kind === object.kind && names.has(name));
  }

  /** In natural order of kinds and reasons. */
  all(): LeftObjects[] {
    return [...this.groups.values()]
      .map(({ kind, reason, names }) => ({ kind, reason, names: [...names].sort(compareNatural) }))
      .sort((a, b) => compareNatural(a.kind, b.kind) || compareNatural(a.reason, b.reason));
  }
}

/** `namespace/name`, or the name of what has no namespace. */
export function fullName({ namespace, name }: Pick<CurrentObject, 'namespace' | 'name'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
