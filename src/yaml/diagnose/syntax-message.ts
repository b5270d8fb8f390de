import { quotedInMessage } from './quoted-in-message';

/** An error of the `yaml` package, reduced to what is said about it. */
export interface SyntaxFault {
  /** The package's own code: `BAD_INDENT`. */
  readonly code: string;
  /** The package's own words. */
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

/** What is said about a fault, and which range is marked. */
export interface SyntaxMessage {
  readonly message: string;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly help?: string;
}

/**
 * Puts a fault into words.
 *
 * @param companions - the codes of other faults that begin at the same character: they tell apart what one code covers
 */
export function syntaxMessage(text: string, fault: SyntaxFault, companions: ReadonlySet<string>): SyntaxMessage {
  const word = wordAt(text, fault.start);
  switch (fault.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (fault.reason.includes('sequence')) {
        return { ...word, message: 'a list stands where a key is expected', label: 'a list item' };
      }
      if (companions.has('MULTILINE_IMPLICIT_KEY')) {
        return {
          ...word,
          message: 'a value is followed by lines that are indented below it',
          label: 'this value is complete',
        };
      }
      return {
        ...word,
        message: 'an unquoted value holds a colon and a blank, which make a key of it',
        label: 'the value begins here',
        help: 'quote the value',
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        ...lineAt(text, fault.start),
        message: 'a line is neither a key with a value nor part of one',
        label: 'no colon followed by a blank',
        help: 'write `key: value`, with a blank behind the colon',
      };
    case 'MISSING_CHAR':
      return missingCharacter(text, fault);
    case 'BAD_INDENT':
      return badIndentation(text, fault);
    case 'BAD_SCALAR_START': {
      const character = text.slice(fault.start, fault.start + 1);
      return {
        ...word,
        message: `an unquoted value cannot begin with ${character === '`' ? 'a backtick' : quotedInMessage(character)}`,
        label: 'a reserved character',
        help: 'quote the value',
      };
    }
    case 'BAD_DQ_ESCAPE':
      return {
        start: fault.start,
        end: Math.min(fault.start + 2, text.length),
        message: `${quotedInMessage(text.slice(fault.start, fault.start + 2))} is not an escape in double quotes`,
        label: 'not an escape',
        help: 'double the backslash, or use single quotes',
      };
    case 'BAD_ALIAS':
      return {
        ...word,
        message: 'an alias or anchor has no name',
        label: 'no name',
        help: 'quote a text that begins with `*` or `&`',
      };
    case 'UNEXPECTED_TOKEN':
      if (fault.reason.startsWith('Unexpected block-seq-ind')) {
        return {
          ...word,
          message: 'a list begins on the line of its key',
          label: 'a list item',
          help: 'begin the list on a line of its own',
        };
      }
      if (fault.reason.startsWith('Block scalar header')) {
        return {
          ...word,
          message: 'a block of text begins on the line of its `|` or `>`',
          label: 'text behind the indicator',
        };
      }
      if (fault.reason.startsWith('Unexpected ,')) {
        return {
          start: fault.start,
          end: fault.start + 1,
          message: 'a comma has no item before it',
          label: 'nothing before this comma',
        };
      }
      return { ...word, message: 'a value is followed by text that does not belong to it', label: 'not expected here' };
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
      return { ...word, message: 'a value has 2 anchors or 2 tags', label: 'the second one' };
    case 'BAD_PROP_ORDER':
      return {
        ...word,
        message: 'an anchor or a tag stands before an indicator',
        label: 'belongs before the anchor or tag',
      };
    case 'BLOCK_IN_FLOW':
      return {
        ...word,
        message: 'an item between brackets is not closed by a comma or a bracket',
        label: 'a comma is missing in it',
      };
    default:
      return { ...word, message: 'the text is not valid YAML', label: shortReason(fault.reason) };
  }
}

/** A parser's own words as a label: one clause in lower case, at most 60 characters, indicators such as `?` in backticks. */
export function shortReason(reason: string): string {
  const clause = (reason.split('\n')[0] ?? '')
    .slice(0, 400)
    .replace(/\.$/, '')
    .replaceAll('`', "'")
    .replace(/(?<=^|\s)[^\s\w'"]+(?=\s|$)/g, '`$&`');
  const short = `${clause.slice(0, 1).toLowerCase()}${clause.slice(1, 60)}`;
  return short.split('`').length % 2 === 1 ? short : short.slice(0, short.lastIndexOf('`')).trimEnd();
}

function missingCharacter(text: string, fault: SyntaxFault): SyntaxMessage {
  if (fault.reason.includes('quote')) {
    const kind = fault.reason.includes('"') ? 'double' : 'single';
    return {
      start: fault.start,
      end: fault.end,
      message: `a text in ${kind} quotes is not closed`,
      label: 'opened here',
    };
  }
  if (fault.reason.startsWith('Implicit map keys')) {
    return {
      ...lineAt(text, fault.start),
      message: 'a line among keys has no colon followed by a blank',
      label: 'read as a key without a value',
    };
  }
  const word = wordAt(text, fault.start);
  if (fault.reason.startsWith('Missing ,')) {
    return {
      ...word,
      message: 'an item between brackets has no comma before it',
      label: 'not separated from the item before',
    };
  }
  if (fault.reason.startsWith('Sequence item')) {
    return { ...word, message: 'a line among list items does not begin with a dash', label: 'no dash before this' };
  }
  return { ...word, message: 'the text is not valid YAML', label: shortReason(fault.reason) };
}

function badIndentation(text: string, fault: SyntaxFault): SyntaxMessage {
  if (fault.reason.startsWith('Flow')) {
    const isList = fault.reason.startsWith('Flow sequence');
    return {
      ...wordAt(text, fault.start),
      message: `a ${isList ? 'list' : 'map'} that begins with \`${isList ? '[' : '{'}\` is not closed`,
      label: `found before the closing \`${isList ? ']' : '}'}\``,
    };
  }
  const isItem = fault.reason.includes('sequence');
  return {
    ...wordAt(text, fault.start),
    message: `a ${isItem ? 'list item' : 'key'} is indented otherwise than those beside it`,
    label: 'another indentation',
  };
}

/** The first word at or behind an offset on its line, or the last character of the text. */
function wordAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  let start = offset;
  while (text[start] === ' ' || text[start] === '\t') start++;
  let end = start;
  while (end < text.length && !/\s/.test(text.charAt(end))) end++;
  if (end > start) return { start, end };
  const last = Math.max(Math.min(offset, text.length) - 1, 0);
  return { start: last, end: Math.min(last + 1, text.length) };
}

/** The line on which an offset lies, from its first character that is not blank. */
function lineAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const start = lineStart + line.length - line.trimStart().length;
  return line.trim() === '' ? wordAt(text, offset) : { start, end: start + line.trim().length };
}
