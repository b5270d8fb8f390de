/** Names for a sentence: all of up to three, else the first three and how many more: `a, b, c, and 2 more`. */
export function listedNames(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 3).join(', ')}, and ${names.length - 3} more`;
  if (names.length < 3) return names.join(' and ');
  return `${names[0] ?? ''}, ${names[1] ?? ''}, and ${names[2] ?? ''}`;
}

/** A count with its noun in the right number: `1 function`, `2 functions`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Text from outside, cut to the room that a message or a label has for it. */
export function shown(text: string, room = 30): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** The reason of a refusal as a label: without the example where there is no room for it. */
export function reasonLabel(reason: string): string {
  return shown(reason.length <= 60 ? reason : (reason.split(', for example')[0] ?? reason), 60);
}
