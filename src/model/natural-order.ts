/**
 * The one order behind every list that a user sees: runs of digits compare as numbers, everything else by code unit, so
 * `node2` comes before `node10` in every locale.
 *
 * @returns negative, zero or positive, as `Array.prototype.sort` expects; zero only for equal texts.
 */
export function compareNatural(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const l = left[i] ?? '';
    const r = right[i] ?? '';
    if (l === r) continue;
    if (isDigits(l) && isDigits(r)) {
      const byLength = l.replace(/^0+/, '').length - r.replace(/^0+/, '').length;
      if (byLength !== 0) return byLength;
      const byValue = compareText(l.replace(/^0+/, ''), r.replace(/^0+/, ''));
      if (byValue !== 0) return byValue;
      continue;
    }
    return compareText(l, r);
  }
  return left.length - right.length || compareText(a, b);
}

/** Code unit order: the order of file names and of map keys in output. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isDigits(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57;
}
