/*
 * The line that begins a function in every form of lspci's text:
 *
 *   0000:65:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1) (prog-if 00 [x])
 *
 * Names hold brackets of their own, so it is read from both ends: the address and the class from the front, the programming
 * interface, the revision and the id from the back. What is left in between is the name. One pass, no backtracking.
 */
import {
  type BdfAddress,
  parseBdfAddress,
  parsePciClass,
  parsePciId,
  type PciClass,
  type PciId,
  repairedBdfAddress,
} from '../model';
import { reasonLabel } from './wording';

/** What the first line of a function says. */
export interface LspciHeadline {
  readonly address: BdfAddress;
  /** Where the address stands in the line, in code units from its start. */
  readonly start: number;
  readonly end: number;
  /** Whether a full stop was printed where the colon behind the domain belongs: `0000.65:00.0`. */
  readonly isMisprinted: boolean;
  readonly class: PciClass | undefined;
  readonly id: PciId | undefined;
  readonly revision: string | undefined;
  readonly name: string | undefined;
}

/** A line that names a function in a way that cannot be understood. */
export interface UnreadableHeadline {
  readonly start: number;
  readonly end: number;
  /** At most 60 characters, the words of a label. */
  readonly reason: string;
}

const ADDRESS = /^\s*((?:[0-9A-Fa-f]{4,8}[:.])?[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]{1,2})(?:[ \t]+|$)/;
const ADDRESS_LIKE = /^\s*(?=[0-9a-z]*[0-9])([0-9a-z]{1,8}(?:[:.][0-9a-z]{1,4}){1,3})[ \t]/i;

/** The function that a line begins, the reason why it cannot be read, or undefined for a line that begins none. */
export function readHeadline(line: string): LspciHeadline | UnreadableHeadline | undefined {
  const match = ADDRESS.exec(line);
  if (match === null) return unreadable(line);
  const text = match[1] ?? '';
  const end = match[0].trimEnd().length;
  const start = end - text.length;
  const parsed = parseBdfAddress(text);
  const address = parsed.ok ? parsed.value : repairedBdfAddress(text);
  if (address === undefined) return { start, end, reason: refusal(text) };
  const words = line.slice(match[0].length).trimEnd();
  if (words.startsWith('"')) return { start, end, reason: 'the machine form of `lspci -m` is not read' };
  const colon = words.indexOf(': ');
  if (colon < 0) return { start, end, reason: 'no class and no name stand behind this address' };
  const isMisprinted = !parsed.ok && text.charAt(4) === '.';
  return { address, start, end, isMisprinted, ...readClassAndName(words.slice(0, colon), words.slice(colon + 2)) };
}

/** Whether the line could be understood. */
export function isReadable(headline: LspciHeadline | UnreadableHeadline): headline is LspciHeadline {
  return 'address' in headline;
}

function readClassAndName(
  classWords: string,
  words: string,
): Pick<LspciHeadline, 'class' | 'id' | 'revision' | 'name'> {
  const programming = takeSuffix(words, ' (prog-if ', /^([0-9A-Fa-f]{2})(?: \[[^\]]*\])?\)$/);
  const revision = takeSuffix(programming.rest, ' (rev ', /^([0-9A-Fa-f]{2})\)$/);
  // lspci -n prints the id alone, lspci -nn in brackets behind the name, plain lspci only where it knows no name;
  // a remark that was cut off may follow
  const id = /(?:^(?:Device )?|\[)([0-9A-Fa-f]{4}:[0-9A-Fa-f]{4})\]?(?: \([^()]*)?$/.exec(revision.rest);
  const name = id === null ? revision.rest : revision.rest.slice(0, id.index);
  const parsedId = id === null ? undefined : parsePciId(id[1] ?? '');
  return {
    class: readClass(classWords, readByte(programming.value)),
    id: parsedId?.ok === true ? parsedId.value : undefined,
    revision: readByte(revision.value),
    name: readName(name),
  };
}

/** A class code of four digits, or of six where the text shows the programming interface. */
function readClass(words: string, programming: string | undefined): PciClass | undefined {
  const code = /(?:^|\[|^Class )([0-9A-Fa-f]{4})\]?$/.exec(words)?.[1];
  if (code === undefined) return undefined;
  const parsed = parsePciClass(code + (programming ?? ''));
  return parsed.ok ? parsed.value : undefined;
}

/** Two digits in lower case. A function that does not answer reads as ones everywhere, so `ff` says nothing. */
function readByte(text: string | undefined): string | undefined {
  const byte = text?.toLowerCase();
  return byte === 'ff' ? undefined : byte;
}

/** The name, unless lspci put `Device` where pci.ids has none. */
function readName(words: string): string | undefined {
  const name = words.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  if (name === '' || /(?:^| )Device(?: [0-9A-Fa-f]{4})?$/.test(name)) return undefined;
  return name;
}

function takeSuffix(words: string, begin: string, form: RegExp): { rest: string; value: string | undefined } {
  const at = words.lastIndexOf(begin);
  const value = at < 0 ? undefined : form.exec(words.slice(at + begin.length))?.[1];
  return value === undefined ? { rest: words, value } : { rest: words.slice(0, at).trimEnd(), value };
}

/** A line that shows a class and an id, or begins like an address, is a function even where its address is not one. */
function unreadable(line: string): UnreadableHeadline | undefined {
  const start = line.length - line.trimStart().length;
  const like = ADDRESS_LIKE.exec(line);
  const classAt = line.search(/\[[0-9A-Fa-f]{4}\]: /);
  const hasIds = classAt > 0 && /\[[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}\]/.test(line.slice(classAt));
  if (!hasIds && (like === null || !/ \[[0-9A-Fa-f]{4}\]: /.test(line))) return undefined;
  const text = like?.[1];
  if (text === undefined) return { start, end: line.trimEnd().length, reason: 'no address stands before this class' };
  return { start, end: start + text.length, reason: refusal(text) };
}

function refusal(text: string): string {
  const parsed = parseBdfAddress(text);
  return parsed.ok ? 'a blank belongs behind the address' : reasonLabel(parsed.reason);
}
