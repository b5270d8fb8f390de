import { compareNatural, type BdfAddress, type HostUse, type HostUseKind } from '../../model';
import type { Place } from '../../source';

/** More of one kind say nothing new. */
const MOST_OF_A_KIND = 3;

const ORDER: readonly HostUseKind[] = [
  'root-disk',
  'boot',
  'swap',
  'container-storage',
  'management-nic',
  'console',
  'other',
];

/** Collects what the host uses which function for, in an order and a length that do not depend on the order of finding. */
export class Uses {
  private readonly reasons = new Map<BdfAddress, Map<HostUseKind, Set<string>>>();

  /** Notes a use; the same one twice is one. */
  add(address: BdfAddress, kind: HostUseKind, reason: string): void {
    const kinds = this.reasons.get(address) ?? new Map<HostUseKind, Set<string>>();
    this.reasons.set(address, kinds);
    kinds.set(kind, (kinds.get(kind) ?? new Set()).add(reason));
  }

  /** Everything that was noted of a function. */
  of(address: BdfAddress, place: Place): readonly HostUse[] {
    const kinds = this.reasons.get(address);
    return ORDER.flatMap((kind) => {
      const reasons = [...(kinds?.get(kind) ?? [])].sort((a, b) => a.length - b.length || compareNatural(a, b));
      return reasons.slice(0, MOST_OF_A_KIND).map((reason): HostUse => ({ kind, reason, observed: true, place }));
    });
  }

  /** The functions that something was noted of. */
  get addresses(): readonly BdfAddress[] {
    return [...this.reasons.keys()];
  }
}
