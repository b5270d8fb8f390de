/** What JSON lets through and a terminal obeys. Escaped, it is the same text to a program. */
const STEERING = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A value as JSON that a terminal can show without harm: indented by two, with a line end. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2).replace(STEERING, escape)}\n`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
