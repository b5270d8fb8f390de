/**
 * The one order behind every list that a user sees: runs of digits compare as numbers, everything else by code unit, so
 * `node2` comes before `node10` in every locale.
 *
 * @returns negative, zero or positive, as `Array.prototype.sort` expects; zero only for equal texts.
 */
export function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  // sorting ten thousand names asks this a hundred thousand times: no run is cut out of its text
  while (i < a.length && j < b.length) {
    const areDigits = isDigit(a, i) && isDigit(b, j);
    const endOfA = endOfRun(a, i);
    const endOfB = endOfRun(b, j);
    const order = areDigits ? compareDigits(a, i, endOfA, b, j, endOfB) : compareRuns(a, i, endOfA, b, j, endOfB);
    if (order !== 0) return order;
    i = endOfA;
    j = endOfB;
  }
  return a.length - i - (b.length - j) || compareText(a, b);
}

/** Code unit order: the order of file names and of map keys in output. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numbers without their leading zeros: the longer one is the greater. */
function compareDigits(a: string, i: number, endOfA: number, b: string, j: number, endOfB: number): number {
  const firstOfA = withoutZeros(a, i, endOfA);
  const firstOfB = withoutZeros(b, j, endOfB);
  return endOfA - firstOfA - (endOfB - firstOfB) || compareRuns(a, firstOfA, endOfA, b, firstOfB, endOfB);
}

function compareRuns(a: string, i: number, endOfA: number, b: string, j: number, endOfB: number): number {
  while (i < endOfA && j < endOfB) {
    const order = a.charCodeAt(i++) - b.charCodeAt(j++);
    if (order !== 0) return order;
  }
  return endOfA - i - (endOfB - j);
}

function endOfRun(text: string, start: number): number {
  const ofDigits = isDigit(text, start);
  let end = start + 1;
  while (end < text.length && isDigit(text, end) === ofDigits) end++;
  return end;
}

function withoutZeros(text: string, start: number, end: number): number {
  let first = start;
  while (first < end && text.charCodeAt(first) === 48) first++;
  return first;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
