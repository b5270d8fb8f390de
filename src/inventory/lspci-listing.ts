/*
 * Splits a text into the functions it lists and everything else, line by line, without judging. What can stand around a
 * listing in a file is known: comments, the command that was typed, what lspci and libpci say on the error stream, hex dumps
 * of -x, separators of grep. Everything that is none of these is kept as stray text, so that nothing is lost in silence.
 */
import { type BdfAddress, parseBdfAddress } from '../model';
import type { SourceFile, Span } from '../source';
import { isUnindentedDetail, noDetails, readDetail, type LspciDetails } from './lspci-details';
import { plainLine, type PlainLine } from './terminal-text';
import { isReadable, readHeadline, type LspciHeadline, type UnreadableHeadline } from './lspci-headline';

/** One function with the lines below it. */
export interface LspciBlock {
  readonly headline: LspciHeadline;
  /** The address in the text. */
  readonly span: Span;
  readonly details: LspciDetails;
  /** Whether a blank line or another function follows, so that no line of this one can have been cut off. */
  isEnded: boolean;
}

/** A line that names a function and cannot be read. */
export interface UnreadableLine {
  readonly span: Span;
  readonly reason: string;
}

/** Lines in a row that no form of lspci's text has. */
export interface StrayLines {
  /** The first of them. */
  readonly span: Span;
  readonly count: number;
}

/** A text taken apart, in its own order. */
export interface LspciListing {
  readonly blocks: readonly LspciBlock[];
  readonly unreadable: readonly UnreadableLine[];
  readonly stray: readonly StrayLines[];
  /** Functions that lspci named on the error stream, most often because it could not read them. */
  readonly complaints: ReadonlyMap<BdfAddress, Span>;
  /** The last line when no line end follows it: lspci ends every line. */
  readonly cutOff: Span | undefined;
  /** Whether a filter such as `grep -A2` took lines out: then a missing line shows nothing. */
  readonly isFiltered: boolean;
}

const TYPED_COMMAND = /(?:^|[#$>%] ?)(?:sudo )?(?:\/[\w/]*\/)?lspci(?: |$)/;
/** `[root@node03 ~]# ` or `core@node03:~$ `, with a command or without: what was above has come to its end. */
const PROMPT =
  /^(?:\[[\w.-]{1,64}@[\w.-]{1,255} [^\]]{1,255}\]|[\w.-]{1,64}@[\w.-]{1,255}:[^ #$]{1,255}|(?:ba)?sh-\d+\.\d+)[#$](?: |$)/;
/** What programs on the way to lspci say, and what surrounds a text in a ticket. */
const COMPANY: readonly RegExp[] = [
  /^\[sudo\] password for /,
  /^We trust you have received the usual lecture from the local System$/,
  /^Administrator\. It usually boils down to these three things:$/,
  /^ {4}#[123]\) (?:Respect the privacy of others|Think before you type|With great power comes great responsibility)\.$/,
  /^For security reasons, the password you type will not be visible\.$/,
  /^(?:Starting pod\/|Temporary namespace |Creating debugging pod |Removing debug (?:pod|namespace) )/,
  /^To use host binaries, run `chroot \/host`/,
  /^(?:Pod IP: |If you don't see a command prompt, try pressing enter\.)/,
  /^Warning: Permanently added .{1,300} to the list of known hosts\.$/,
  /^Last login: /,
  /^Connection to .{1,255} closed\.$/,
  /^Script (?:started|done) on /,
  /^(?:exit|logout)$/,
  /^(?:```|~~~)\w*$/,
];
const ERROR_STREAM = /^(?:lspci|pcilib): /;
const HEX_DUMP = /^[0-9a-f]{2,3}:(?: [0-9a-f]{2})+$/;
/** What `grep -A` puts between two pieces of a text. */
const FILTER_MARK = '--';

/** Takes a text apart. Linear in its length; never throws. */
export function splitListing(source: SourceFile): LspciListing {
  const { text } = source;
  const reader = new LineReader(source.path);
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    reader.read(plainLine(text.slice(at, end).replace(/\r+$/, '')), at, newline >= 0);
    at = end + 1;
  }
  const { blocks, unreadable, stray, complaints, isFiltered } = reader;
  return { blocks, unreadable, stray, complaints, cutOff: cutOffLine(source), isFiltered };
}

/** Sorts one line after the other to where it belongs. */
class LineReader {
  readonly blocks: LspciBlock[] = [];
  readonly unreadable: UnreadableLine[] = [];
  readonly stray: { readonly span: Span; count: number }[] = [];
  readonly complaints = new Map<BdfAddress, Span>();
  isFiltered = false;
  /** Of the function above; those of a function that could not be read belong to nobody, and are no stray text either. */
  private details: LspciDetails | undefined;
  private strayGoesOn = false;
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  read(plain: PlainLine, at: number, isTerminated: boolean): void {
    const line = plain.text;
    const spanOf = (from: number, to: number): Span => {
      const [start, end] = plain.rangeOf(from, to);
      return { file: this.file, start: at + start, end: at + end };
    };
    const span = spanOf(leadingBlanks(line), line.trimEnd().length);
    if (line.trim() === '') {
      if (isTerminated) this.endBlock();
      return;
    }
    const isStray = !this.isOurs(line, spanOf, span);
    const last = this.stray[this.stray.length - 1];
    if (isStray && this.strayGoesOn && last !== undefined) last.count++;
    else if (isStray) this.stray.push({ span, count: 1 });
    this.strayGoesOn = isStray;
  }

  private isOurs(line: string, spanOf: (from: number, to: number) => Span, span: Span): boolean {
    if (line.startsWith('#') || HEX_DUMP.test(line)) return true;
    if (PROMPT.test(line)) {
      this.endBlock();
      this.details = undefined;
      return true;
    }
    if (line === FILTER_MARK) {
      this.isFiltered = true;
      return true;
    }
    const headline = readHeadline(line);
    if (headline !== undefined) {
      this.beginBlock(headline, spanOf(headline.start, headline.end));
      return true;
    }
    if (COMPANY.some((form) => form.test(line))) return true;
    if (this.details !== undefined && (/^[ \t]/.test(line) || isUnindentedDetail(line))) {
      readDetail(line, this.details);
      return true;
    }
    if (!ERROR_STREAM.test(line)) return TYPED_COMMAND.test(line);
    const address = parseBdfAddress(/[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/.exec(line)?.[0] ?? '');
    if (address.ok && !this.complaints.has(address.value)) this.complaints.set(address.value, span);
    return true;
  }

  private beginBlock(headline: LspciHeadline | UnreadableHeadline, span: Span): void {
    this.endBlock();
    this.details = noDetails();
    if (isReadable(headline)) this.blocks.push({ headline, span, details: this.details, isEnded: false });
    else this.unreadable.push({ span, reason: headline.reason });
  }

  private endBlock(): void {
    const block = this.blocks[this.blocks.length - 1];
    if (block !== undefined) block.isEnded = true;
  }
}

function cutOffLine({ text, path: file }: SourceFile): Span | undefined {
  const start = text.lastIndexOf('\n') + 1;
  const line = text.slice(start);
  // a prompt is where the next command goes
  return line.trim() === '' || PROMPT.test(plainLine(line).text)
    ? undefined
    : { file, start: start + leadingBlanks(line), end: start + line.trimEnd().length };
}

function leadingBlanks(line: string): number {
  return line.length - line.trimStart().length;
}
