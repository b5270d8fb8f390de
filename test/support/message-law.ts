/*
 * The law of the text of diagnostics, as far as a program can judge it: rules 1, 2, 5, 10, 11 and 16. Names in backticks are
 * values of the user or of an API and may be spelled in any way; they are taken out before the words are looked at.
 */

/** The texts of a diagnostic that the law is about; a `Diagnostic` and a `Finding` are both of this shape. */
export interface LawfulTexts {
  readonly message: string;
  readonly primary: { readonly text: string };
  readonly secondary?: readonly { readonly text: string }[];
  readonly notes?: readonly string[];
  readonly help?: readonly string[];
  readonly fixes?: readonly { readonly title: string }[];
}

const LONGEST_MESSAGE = 90;
const LONGEST_LABEL = 60;

/** The things that are counted, in both numbers: rule 11 is about these. */
const NOUNS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'addresses|address',
    'cards|card',
    'devices|device',
    'disks|disk',
    'drives|drive',
    'entries|entry',
    'errors|error',
    'fields|field',
    'files|file',
    'functions|function',
    'groups|group',
    'hosts|host',
    'instances|instance',
    'lines|line',
    'names|name',
    'nodes|node',
    'places|place',
    'pods|pod',
    'pools|pool',
    'resources|resource',
    'rules|rule',
    'selectors|selector',
    'types|type',
    'VFs|VF',
    'VMs|VM',
    'VMIs|VMI',
    'warnings|warning',
  ].map((pair) => pair.split('|') as [string, string]),
);
const PLURALS = Object.keys(NOUNS).join('|');
const SINGULARS = Object.values(NOUNS).join('|');
/** Adjectives that may stand between a number and its noun. */
const BETWEEN = '(?:(?:mediated|PCI|USB|IOMMU|host|identical|more|other|permitted|virtual|physical) )?';

/** A number after one of these is a name: IOMMU group 1, line 3, KubeVirt 1. */
const NOT_A_NAME = `(?<!\\b(?:${SINGULARS}|version|column|domain|slot|KubeVirt|Kubernetes|OpenShift|YAML) )(?<![.\\w:-])\\b`;

/** What is said in words that the law has another word for, or none. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\billegal\b/i, '"invalid", not "illegal" (rule 10)'],
  [/\bforbidden\b/i, '"not permitted", not "forbidden" (rule 10)'],
  [/\bdestroy(?:s|ed)?\b/i, '"removes", not "destroys" (rule 10)'],
  [/\b\w+n['’]t\b/i, 'no contractions: "cannot", not "can\'t" (rule 10)'],
];

/** What advises, asks, blames or softens. */
const TONE =
  /\b(?:please|oops|sorry|seems?|should|ought|might|may want to|did you mean|perhaps|maybe|unfortunately)\b/i;

const OWN_CODE =
  /\b[A-Z]\w*(?:Error|Exception)\b|\b[a-z]\w*\(\)|\.[jt]s:\d|\bsrc\/|\[object |\bundefined\b|\bNaN\b|\bstack trace\b|\bthis program\b/;

/**
 * Every breach of the law in a diagnostic's texts, each in a line that names the text; empty for a lawful one.
 *
 * @example `messageLawViolations(diagnostic)` is `['message: ends in a full stop (rule 1): "it is bad."']`
 */
export function messageLawViolations(texts: LawfulTexts): string[] {
  const { message, primary, secondary = [], notes = [], help = [], fixes = [] } = texts;
  return [
    ...violationsIn('message', message, [...clauseViolations(message), ...toneViolations(message)]),
    ...violationsIn('primary label', primary.text, [...labelViolations(primary.text), ...toneViolations(primary.text)]),
    ...secondary.flatMap(({ text }) =>
      violationsIn('secondary label', text, [...labelViolations(text), ...toneViolations(text)]),
    ),
    ...notes.flatMap((note) => violationsIn('note', note, [])),
    ...help.flatMap((advice) => violationsIn('help', advice, [])),
    ...fixes.flatMap(({ title }) => violationsIn('fix', title, [])),
  ];
}

function violationsIn(part: string, text: string, own: readonly string[]): string[] {
  return [...own, ...wordViolations(text)].map((violation) => `${part}: ${violation}: ${JSON.stringify(text)}`);
}

/** Rule 1: one clause, short, lower case at the start, no full stop. */
function clauseViolations(message: string): string[] {
  const words = withoutCode(message);
  const found: string[] = [];
  if (message.trim() === '') found.push('is empty (rule 1)');
  if (message.length > LONGEST_MESSAGE)
    found.push(`has ${message.length} characters, ${LONGEST_MESSAGE} at most (rule 1)`);
  if (/[.!]$/.test(words)) found.push('ends in a full stop (rule 1)');
  if (/; |[a-z]\. [A-Za-z]/.test(words)) found.push('is more than one clause (rule 1)');
  // IOMMU, KubeVirt and VM123 are spelled so everywhere; a plain word is not
  if (/^[A-Z][a-z]+(?![A-Za-z0-9-])/.test(words)) found.push('begins with a capital letter (rule 1)');
  return found;
}

/** Rule 2: it states what is. */
function toneViolations(text: string): string[] {
  const words = withoutCode(text);
  const tone = TONE.exec(words)?.[0];
  return [
    ...(tone === undefined ? [] : [`advises or softens: ${tone} (rule 2)`]),
    ...(words.includes('?') ? ['asks a question (rule 2)'] : []),
  ];
}

/** Rule 5, which holds for every label: short, and never a sentence. */
function labelViolations(text: string): string[] {
  const found: string[] = [];
  if (text.length > LONGEST_LABEL) found.push(`has ${text.length} characters, ${LONGEST_LABEL} at most (rule 5)`);
  if (withoutCode(text).endsWith('.')) found.push('ends in a full stop (rule 5)');
  return found;
}

/** Rules 10, 11 and 16, which hold for every text. */
function wordViolations(text: string): string[] {
  const words = withoutCode(text);
  const found = WORDS.filter(([word]) => word.test(words)).map(([, law]) => law);
  const one = new RegExp(`${NOT_A_NAME}1 ${BETWEEN}(${PLURALS})\\b`).exec(words);
  if (one !== null) found.push(`"${one[0]}" is not in the right number (rule 11)`);
  const many = new RegExp(`${NOT_A_NAME}(?:0|[2-9]|[1-9][0-9]+) ${BETWEEN}(${SINGULARS})\\b`).exec(words);
  if (many !== null) found.push(`"${many[0]}" is not in the right number (rule 11)`);
  const spelled = new RegExp(
    `\\b(?:two|three|four|five|six|seven|eight|nine|ten) ${BETWEEN}(?:${PLURALS})\\b`,
    'i',
  ).exec(words);
  if (spelled !== null) found.push(`"${spelled[0]}" is a number in words (rule 11)`);
  if (/, [^,;:()]+ and \S+$|, \S+ and \S+(?=[,;:)])/.test(words))
    found.push('a list without the serial comma (rule 11)');
  if (/(?:^|[(:] ?)(?:[^,():]+, ){3,}and (?!\d+ more)/.test(words)) found.push('a list of more than three (rule 11)');
  const code = OWN_CODE.exec(words)?.[0];
  if (code !== undefined) found.push(`mentions our own code: ${code} (rule 16)`);
  return found;
}

/** The words, with every name in backticks as one neutral word. */
function withoutCode(text: string): string {
  return text.replace(/`[^`]*`/g, '\u00b7');
}
