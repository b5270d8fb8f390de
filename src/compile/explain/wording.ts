/** A count with its noun in the right number: `1 device`, `2 devices`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Names in the order given, at most `limit` of them: `a, b, and 37 more`. */
export function someOf(names: readonly string[], limit = 3): string {
  if (names.length <= limit) {
    if (names.length <= 2) return names.join(' and ');
    return `${names.slice(0, -1).join(', ')}, and ${names.at(-1) ?? ''}`;
  }
  return `${names.slice(0, limit).join(', ')}, and ${names.length - limit} more`;
}
