/** What stands where a secret stood. */
export const REDACTED = '<redacted>';

/**
 * Names whose values may be secret, wherever the word stands in the name. The collector has the same list, so that what
 * is secret does not leave the node.
 */
const SECRET_NAME = /pass|secret|token|cred|auth|psk|chap|private|key|env/i;

/**
 * The words of a kernel command line. Blanks inside double quotes do not part words; what follows `--` is for the init
 * program and is left out. Values that may be secret are taken out: by name (`rd.iscsi.password`), and URLs and whatever
 * has an `@` in it, since both can carry a password.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/lib/cmdline.c next_arg
 * @example `toKernelArguments('quiet ds="a b" x.token=1 -- --foo')` is `['quiet', 'ds="a b"', 'x.token=<redacted>']`
 */
export function toKernelArguments(commandLine: string): readonly string[] {
  const words: readonly string[] = commandLine.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).map(redacted);
}

function redacted(word: string): string {
  const equals = word.indexOf('=');
  if (equals < 0) return word;
  const value = word.slice(equals + 1);
  const isSecret = SECRET_NAME.test(word.slice(0, equals)) || value.includes('://') || value.includes('@');
  return isSecret && value !== '' ? `${word.slice(0, equals)}=${REDACTED}` : word;
}
