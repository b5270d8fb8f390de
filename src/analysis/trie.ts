/** What is known of things that have one thing after another in common: a step for each. */
export class Trie<Value> {
  value: Value | undefined;
  private readonly next = new Map<unknown, Trie<Value>>();

  /** Those among them that have one thing more in common. */
  with(key: unknown): Trie<Value> {
    let step = this.next.get(key);
    if (step === undefined) this.next.set(key, (step = new Trie<Value>()));
    return step;
  }
}
