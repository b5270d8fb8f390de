/**
 * Text for a comment of a manifest. Names from the input may stand in it, so whatever could end the line for a reader of
 * YAML 1.1 or 1.2, or reach a terminal, becomes a blank; LF separates lines.
 */
export function commentText(...lines: readonly string[]): string {
  return lines.map((line) => line.replace(UNPRINTABLE, ' ').trimEnd()).join('\n');
}

// C0 and C1 controls, the line and paragraph separators, the byte order mark, the controls that turn text around, halves of pairs
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
