/** How many values may come from the aliases of one document. */
export const MAX_ALIASED_VALUES = 100_000;

/** What an anchor stands for, and what each alias of it costs. */
export interface Anchored {
  readonly value: unknown;
  /** How many values are in it, itself included, aliases followed. */
  readonly size: number;
  /** How many collections stand inside each other in it. */
  readonly height: number;
}

/**
 * The anchors of one document, and how many values its aliases have stood for so far. Values are shared, not copied; the
 * count is what a program meets that walks the result as a tree.
 */
export class AliasTable {
  private readonly anchored = new Map<string, Anchored>();
  private total = 0;

  /** How many values the aliases read so far stand for. */
  get aliasedValues(): number {
    return this.total;
  }

  /** An anchored value begins: until it is complete, its name stands for nothing. */
  open(name: string): void {
    this.anchored.delete(name);
  }

  /** An anchored value is complete; an older one of the same name is no longer meant. */
  close(name: string, anchored: Anchored): void {
    this.anchored.set(name, anchored);
  }

  /**
   * Follows an alias.
   *
   * @returns what the anchor stands for; `unknown` when nothing complete has the name; `oversized` for the alias that
   *   takes the document over {@link MAX_ALIASED_VALUES}, and `spent` for those after it.
   */
  follow(name: string): Anchored | 'unknown' | 'oversized' | 'spent' {
    const anchored = this.anchored.get(name);
    if (anchored === undefined) return 'unknown';
    if (this.total > MAX_ALIASED_VALUES) return 'spent';
    this.total += anchored.size;
    return this.total > MAX_ALIASED_VALUES ? 'oversized' : anchored;
  }
}
