import type { Problem, SourceLink } from '../diagnostics';

const SPECIFICATION = 'https://yaml.org/spec/1.2.2/';

function specification(section: string, claim: string): SourceLink {
  return { claim, url: `${SPECIFICATION}#${section}` };
}

/** A text that no YAML reader accepts. */
export const SYNTAX_ERROR: Problem = {
  code: 'SRC101',
  slug: 'yaml/syntax-error',
  severity: 'error',
  summary: 'a text is not valid YAML',
  why: `
Nothing can be read from a text whose structure is not clear. The first place at which the text stops being YAML is marked; the
cause is often a line or two above it.`,
  sources: [specification('chapter-5-character-productions', 'which characters mean something and where')],
};

/** Tabs where only spaces count. */
export const TAB_INDENTATION: Problem = {
  code: 'SRC102',
  slug: 'yaml/tab-indentation',
  severity: 'error',
  summary: 'a line is indented with a tab',
  why: `
YAML measures indentation in spaces. A tab has no width of its own, so the level that a line belongs to cannot be known.`,
  sources: [specification('61-indentation-spaces', 'tab characters must not be used in indentation')],
};

/** One key twice in one map. */
export const DUPLICATE_KEY: Problem = {
  code: 'SRC103',
  slug: 'yaml/duplicate-key',
  severity: 'error',
  summary: 'a map has the same key twice',
  why: `
A map gives each of its keys once. Of two values for one key some readers keep the first, some the last, and some refuse the
text, so one of the two is lost without a word.`,
  sources: [specification('3213-node-comparison', 'the keys of a mapping are unique')],
};

/** A key that is a list, a map or nothing. */
export const NON_STRING_KEY: Problem = {
  code: 'SRC104',
  slug: 'yaml/non-string-key',
  severity: 'error',
  summary: 'a key is not a text',
  why: `
A fleet and the objects of Kubernetes are JSON, where every key is a text. YAML allows lists and maps as keys; the usual cause
is a template such as \`{{ value }}\`, which YAML reads as a map inside a map.`,
  sources: [specification('3221-mapping-nodes', 'a key may be any node')],
};

/** The `<<` of YAML 1.1. */
export const MERGE_KEY: Problem = {
  code: 'SRC105',
  slug: 'yaml/merge-key',
  severity: 'error',
  summary: 'a map is merged with another by `<<`',
  why: `
Merge keys belong to YAML 1.1. YAML 1.2 does not know them, and readers that do differ in whose entry wins. In a fleet,
\`spec.include\` shares devices between files; an alias (\`*name\`) may stand for a whole value.`,
  sources: [{ claim: 'the merge key is a type of YAML 1.1', url: 'https://yaml.org/type/merge.html' }],
};

/** A tag that is not of the core schema, or does not fit its value. */
export const UNKNOWN_TAG: Problem = {
  code: 'SRC106',
  slug: 'yaml/unknown-tag',
  severity: 'error',
  summary: 'a value has a tag that is not understood',
  why: `
A tag says what a value is: \`!!str 0010\` is a text. The tags of the core schema are understood (\`!!str\`, \`!!int\`,
\`!!float\`, \`!!bool\`, \`!!null\`, \`!!map\`, \`!!seq\`); others belong to one program and mean nothing to the rest.`,
  sources: [specification('103-core-schema', 'the tags of the core schema')],
};

/** An alias without an anchor before it, or inside its own anchor. */
export const UNKNOWN_ALIAS: Problem = {
  code: 'SRC107',
  slug: 'yaml/unknown-alias',
  severity: 'error',
  summary: 'an alias names no value that stands before it',
  why: `
\`*name\` stands for the value that \`&name\` marks earlier in the same document. A text that merely begins with a star, such
as \`*.yaml\`, needs quotes.`,
  sources: [specification('71-alias-nodes', 'an alias refers to the most recent preceding node with the same anchor')],
};

/** Aliases that blow up a text. */
export const OVERSIZED_ALIAS: Problem = {
  code: 'SRC108',
  slug: 'yaml/oversized-alias',
  severity: 'error',
  summary: 'the aliases of a document expand to too many values',
  why: `
Aliases of aliases double with every line: a text of 1 KB can stand for more values than any memory holds. Up to 100,000
values may come from the aliases of one document.`,
  sources: [specification('71-alias-nodes', 'an alias stands for the whole value at its anchor')],
};

/** A plain scalar that the two versions of YAML read differently. */
export const AMBIGUOUS_SCALAR: Problem = {
  code: 'SRC109',
  slug: 'yaml/ambiguous-scalar',
  severity: 'warning',
  summary: 'an unquoted value means something else to a reader of YAML 1.1',
  why: `
A fleet is read as YAML 1.2. Other tools read the same file as YAML 1.1, where \`0010\` is the octal number 8, \`65:00.0\` the
number 3900 in base 60, \`yes\` is true, and \`1e10\` is a text. Quotes make every reader see the same text.`,
  sources: [
    { claim: 'octal and base 60 integers of YAML 1.1', url: 'https://yaml.org/type/int.html' },
    { claim: 'base 60 floats of YAML 1.1', url: 'https://yaml.org/type/float.html' },
    { claim: 'yes, no, on and off are booleans in YAML 1.1', url: 'https://yaml.org/type/bool.html' },
    specification('1032-tag-resolution', 'the core schema of YAML 1.2'),
  ],
};

/** A number that JSON cannot carry as it was typed. */
export const UNREPRESENTABLE_NUMBER: Problem = {
  code: 'SRC110',
  slug: 'yaml/unrepresentable-number',
  severity: 'error',
  summary: 'a number cannot be kept as it is written',
  why: `
Kubernetes objects are JSON, which knows neither infinity nor \`.nan\`, and integers beyond 9,007,199,254,740,991 lose their last
digits on the way. A long number is usually a serial number or an id: a text, in quotes.`,
  sources: [{ claim: 'JSON has no infinity and no NaN', url: 'https://www.rfc-editor.org/rfc/rfc8259#section-6' }],
};

/** A file without content. */
export const EMPTY_DOCUMENT: Problem = {
  code: 'SRC111',
  slug: 'yaml/empty-document',
  severity: 'error',
  summary: 'a file has no content',
  why: `
The file holds nothing but comments or blank lines where one document is expected.`,
  sources: [specification('92-yaml-streams', 'a stream may hold no document at all')],
};

/** A file with several documents where one is expected. */
export const SEVERAL_DOCUMENTS: Problem = {
  code: 'SRC112',
  slug: 'yaml/several-documents',
  severity: 'error',
  summary: 'a file holds several documents where one is expected',
  why: `
A line of three dashes begins another document. Only the first would be read, and the rest would be lost without a word.`,
  sources: [specification('92-yaml-streams', 'documents of a stream are independent of each other')],
};

/** A text that declares itself to be of another version. */
export const FOREIGN_VERSION: Problem = {
  code: 'SRC113',
  slug: 'yaml/foreign-version',
  severity: 'error',
  summary: 'a text declares a version of YAML other than 1.2',
  why: `
\`%YAML 1.1\` asks for rules under which \`yes\` is true and \`010\` is 8. A text that declares them and is read by other rules
means something else than it says.`,
  sources: [specification('681-yaml-directives', 'what the YAML directive declares')],
};

/** A CR without its LF. */
export const LONE_CARRIAGE_RETURN: Problem = {
  code: 'SRC114',
  slug: 'yaml/lone-carriage-return',
  severity: 'error',
  summary: 'a carriage return stands without a line feed',
  why: `
Some readers end the line there, editors and others do not, so what is one value to one reader is two to the next.`,
  sources: [specification('54-line-break-characters', 'a carriage return is a line break')],
};

/** Collections inside collections without end. */
export const DEEP_NESTING: Problem = {
  code: 'SRC115',
  slug: 'yaml/deep-nesting',
  severity: 'error',
  summary: 'collections nest more than 64 levels deep',
  why: `
No fleet and no Kubernetes object nests that deep; a text that does is broken, or made to exhaust the program that reads it.`,
  sources: [specification('321-representation-graph', 'a node may contain other nodes without limit')],
};

/** What version control leaves behind when two branches disagree. */
export const MERGE_CONFLICT: Problem = {
  code: 'SRC116',
  slug: 'yaml/merge-conflict',
  severity: 'error',
  summary: 'a text holds both sides of an unresolved merge',
  why: `
Version control marks the lines on which two branches disagree with \`<<<<<<<\`, \`=======\` and \`>>>>>>>\`. Until somebody
chooses, the text says both.`,
  sources: [
    {
      claim: 'how conflicts are presented',
      url: 'https://git-scm.com/docs/git-merge/2.43.0#_how_conflicts_are_presented',
    },
  ],
};

/** Everything that reading a YAML text can find, by code. */
export const YAML_PROBLEMS: readonly Problem[] = [
  SYNTAX_ERROR,
  TAB_INDENTATION,
  DUPLICATE_KEY,
  NON_STRING_KEY,
  MERGE_KEY,
  UNKNOWN_TAG,
  UNKNOWN_ALIAS,
  OVERSIZED_ALIAS,
  AMBIGUOUS_SCALAR,
  UNREPRESENTABLE_NUMBER,
  EMPTY_DOCUMENT,
  SEVERAL_DOCUMENTS,
  FOREIGN_VERSION,
  LONE_CARRIAGE_RETURN,
  DEEP_NESTING,
  MERGE_CONFLICT,
];
