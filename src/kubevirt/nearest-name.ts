import { compareText } from '../model';

/** Names that are longer are not compared: the cost grows with the product of the lengths. */
const LONGEST_NAME = 64;

/**
 * The candidate that a misspelt name most likely means: the one with the fewest edits (insert, delete, replace, or swap of
 * neighbours; case counts half an edit however often it differs), as long as these are at most a third of the name's length.
 * Of equals the first in code unit order.
 *
 * @returns undefined when nothing is near, or when the name itself is a candidate.
 * @example `nearestName('hostDevice', ['hostDevices', 'gpus'])` gives `hostDevices`
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const limit = Math.max(1, Math.floor(name.length / 3));
  let nearest: string | undefined;
  let fewest = limit;
  for (const candidate of [...candidates].sort(compareText)) {
    if (candidate === name) return undefined;
    if (candidate.length > LONGEST_NAME || Math.abs(candidate.length - name.length) > limit) continue;
    const sameCase = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const edits = Math.min(editDistance(name, candidate), sameCase + 0.5);
    if (edits < fewest || (edits === fewest && nearest === undefined)) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

/** Optimal string alignment distance, one row per character of `a`. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const left = (row[j - 1] ?? 0) + 1;
      const above = (previous[j] ?? 0) + 1;
      const diagonal = (previous[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1);
      let best = Math.min(left, above, diagonal);
      const swapped = a.charAt(i - 1) === b.charAt(j - 2) && a.charAt(i - 2) === b.charAt(j - 1);
      if (i > 1 && j > 1 && swapped) best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
