import { allowance, withoutMarks, type PageExample, type RulePage } from './rule-page';

const WIDTH = 100;
const INDENT = '  ';

/** The page of a rule as `hostdev explain` prints it: the five parts of {@link renderRulePage} without Markdown's marks. */
export function renderRulePageText(page: RulePage): string {
  const parts = [
    `${page.severity}[${page.code}]: ${page.summary}\n${page.slug}`,
    part('why', [
      ...wrapped(withoutMarkup(page.why)),
      ...(page.sources.length === 0 ? [] : ['', 'Sources:', '']),
      ...page.sources.flatMap(({ claim, url }) => [...wrapped(`- ${withoutMarkup(claim)}`), `${INDENT}${url}`]),
    ]),
    ...(page.examples?.bad ?? []).map((example) => examplePart('bad', example)),
    ...(page.examples?.good ?? []).map((example) => examplePart('good', example)),
    part(
      'how to allow it',
      allowance(page).flatMap(({ kind, text }) => (kind === 'words' ? wrapped(text) : ['', ...indented(text)])),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function examplePart(word: string, { name, yaml, files = {}, drawn }: PageExample): string {
  return part(`${word}: ${name}`, [
    ...withoutMarks(yaml).split('\n'),
    ...Object.entries(files).flatMap(([path, text]) => ['', `with ${path}:`, '', ...withoutMarks(text).split('\n')]),
    ...(drawn === undefined ? [] : ['', 'draws', '', ...drawn.trimEnd().split('\n')]),
  ]);
}

function part(head: string, lines: readonly string[]): string {
  return [head, ...indented(lines.join('\n'))].join('\n');
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : INDENT + line));
}

/** The words of Markdown: links become `words (address)`, emphasis and fences go; code keeps its backticks. */
function withoutMarkup(markdown: string): string {
  return markdown
    .trim()
    .replace(/^```.*$/gm, '')
    .replace(/\[([^[\]]*)\]\(([^()\s]*)\)/g, '$1 ($2)')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/^#+ /gm, '');
}

/** Paragraphs and list items, each broken where it gets too long. */
function wrapped(text: string): string[] {
  const blocks: string[] = [];
  for (const line of text.split('\n')) {
    const open = blocks.at(-1);
    const begins = open === undefined || open === '' || line === '' || /^\s*(?:[-*]|\d+\.) |^\s{4}/.test(line);
    if (begins) blocks.push(line);
    else blocks[blocks.length - 1] = `${open} ${line.trim()}`;
  }
  return blocks.flatMap(wrapBlock);
}

function wrapBlock(block: string): string[] {
  const hanging = ' '.repeat(/^\s*(?:(?:[-*]|\d+\.) )?/.exec(block)?.[0].length ?? 0);
  const lines: string[] = [];
  let line = '';
  for (const word of block.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH - INDENT.length) {
      lines.push(line);
      line = hanging + word;
    } else {
      line = lines.length === 0 && line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
