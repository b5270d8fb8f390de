const SHORT = 40;

/** A piece of the user's text for use inside a message: in backticks, on one line, cut off behind 40 characters. */
export function quotedInMessage(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters of the input do not reach a terminal
  const line = text.slice(0, 10 * SHORT).replace(/[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+/g, ' ');
  return `\`${line.length > SHORT ? `${line.slice(0, SHORT - 1).replace(/[\ud800-\udbff]$/, '')}…` : line}\``;
}
