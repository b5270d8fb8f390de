/** A count with its noun in the right number: `1 node`, `2 nodes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;
}

/** Three names at most: `a, b, and 4 more`. */
export function shortList(names: readonly string[]): string {
  const [first = '', second = '', third = ''] = names;
  if (names.length === 0) return 'none';
  if (names.length === 1) return first;
  if (names.length === 2) return `${first} and ${second}`;
  if (names.length === 3) return `${first}, ${second}, and ${third}`;
  return `${first}, ${second}, ${third}, and ${names.length - 3} more`;
}
