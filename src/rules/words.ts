import { compareNatural } from '../model';

/** A count with its noun in the right number: `1 device`, `2 devices`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/**
 * Names in natural order, each once, at most three of them: `a`, `a and b`, `a, b, and c`, `a, b, c, and 37 more`.
 */
export function listed(names: Iterable<string>): string {
  return enumerated([...new Set(names)].sort(compareNatural));
}

/** Like {@link listed}, in the order given. */
export function enumerated(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length === 2) return names.join(' and ');
  if (names.length === 3) return `${names.slice(0, 2).join(', ')}, and ${names[2] ?? ''}`;
  return `${names.slice(0, 3).join(', ')}, and ${names.length - 3} more`;
}

/** One node by its name, several by their count with up to three names: `node03`, `40 nodes (node01, node02, …)`. */
export function nodesInWords(names: Iterable<string>): string {
  const distinct = [...new Set(names)];
  return distinct.length === 1
    ? `node ${distinct[0] ?? ''}`
    : `${counted(distinct.length, 'node')} (${listed(distinct)})`;
}

/** A message that fits its limit of 90 characters: the first of the wordings that does, else the last. */
export function fitting(...wordings: readonly string[]): string {
  return wordings.find((wording) => wording.length <= 90) ?? wordings.at(-1) ?? '';
}

/** A label that fits its limit of 60 characters: the first of the wordings that does, else the last. */
export function fittingLabel(...wordings: readonly string[]): string {
  return wordings.find((wording) => wording.length <= 60) ?? wordings.at(-1) ?? '';
}
