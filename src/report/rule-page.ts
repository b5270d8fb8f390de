import type { Problem, RuleExample } from '../diagnostics';

/** An example of a page, with the diagnostic that it draws when it is a bad one. */
export interface PageExample extends RuleExample {
  /** As {@link renderText} draws it, without colours. */
  readonly drawn?: string;
  /** What `yaml` is, for readers that colour it. @default 'yaml' */
  readonly language?: 'yaml' | 'diff';
}

/** What a page is made of: a problem, and what is known of it besides. Every rule is one. */
export interface RulePage extends Problem {
  /** @default - none: the page has no such parts */
  readonly examples?: { readonly bad: readonly PageExample[]; readonly good: readonly PageExample[] };
  /**
   * Whether a finding may be accepted under `acknowledge` of a `passthrough` entry.
   *
   * @default false
   */
  readonly acknowledgeable?: boolean;
  /**
   * What `hostdev plan --allow` takes, for a hazard.
   *
   * @default - it is none
   */
  readonly hazardName?: string;
}

/**
 * The page of a rule as Markdown, in five parts: headline with code and severity, why with its sources, bad examples with the
 * diagnostics they draw, good examples, how to allow it. Parts that have nothing to show are left out.
 */
export function renderRulePage(page: RulePage): string {
  const { code, slug, severity, summary, why, sources } = page;
  const parts = [
    '<!-- generated from the rule itself by `npm run generate`; do not edit -->',
    `# ${code} ${slug}`,
    `**${severity}**: ${summary}`,
    '## Why',
    why.trim(),
    ...(sources.length === 0 ? [] : ['Sources:', sources.map(({ claim, url }) => `- ${claim}: <${url}>`).join('\n')]),
    ...examplesPart('## Bad', page.examples?.bad ?? []),
    ...examplesPart('## Good', page.examples?.good ?? []),
    '## How to allow it',
    ...allowance(page).map((part) => (part.kind === 'words' ? part.text : fenced('yaml', part.text))),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A paragraph, or a piece of a fleet file. */
export interface AllowancePart {
  readonly kind: 'words' | 'yaml';
  readonly text: string;
}

/** How a finding is allowed, which depends on the rule and its severity alone. */
export function allowance({
  code,
  slug,
  severity,
  acknowledgeable,
  suppressible,
  hazardName,
}: RulePage): AllowancePart[] {
  const words = (text: string): AllowancePart => ({ kind: 'words', text });
  if (hazardName !== undefined) return hazardAllowance(severity, hazardName);
  const parts: AllowancePart[] = [];
  if (severity === 'warning') parts.push(words('It may stay: a warning fails `hostdev check` only with `--strict`.'));
  if (severity === 'info') parts.push(words('It may stay: an info never fails `hostdev check`.'));
  if (acknowledgeable === true) {
    parts.push(words('Give the reason at the entry of `passthrough` that the finding is about:'), {
      kind: 'yaml',
      text: `acknowledge:\n  ${slug}: why it is right here`,
    });
  }
  const isAllowedOtherwise = parts.length > 0;
  if (suppressible ?? severity !== 'error') {
    return [
      ...parts,
      words(
        `${isAllowedOtherwise ? 'Or say' : 'Say'} so in a comment on the line above the finding, or at the end of its line (\`//\` in programs). The reason is required, the day is not; after it the finding is back:`,
      ),
      { kind: 'yaml', text: `# hostdev-allow ${code} until 2030-12-31: why it is right here` },
      words('For a whole file, at its top:'),
      { kind: 'yaml', text: `# hostdev-allow-file ${code}: why it is right here` },
    ];
  }
  const fixed = 'It cannot be allowed: `hostdev check` fails until the cause is gone.';
  return [...parts, words(isAllowedOtherwise ? 'No comment allows it.' : fixed)];
}

function hazardAllowance(severity: Problem['severity'], name: string): AllowancePart[] {
  if (severity === 'info') return [{ kind: 'words', text: 'It is told, and `hostdev plan` passes.' }];
  return [
    { kind: 'words', text: 'Without it `hostdev plan` ends with status 3. To accept it, for this plan:' },
    { kind: 'yaml', text: `hostdev plan --against main --allow ${name}` },
  ];
}

/** An example's text without the marks around what is reported. */
export function withoutMarks(text: string): string {
  return text.replace(/[«»]/g, '').replace(/^\n+|\s+$/g, '');
}

function examplesPart(headline: string, examples: readonly PageExample[]): string[] {
  if (examples.length === 0) return [];
  return [
    headline,
    ...examples.flatMap(({ name, yaml, files = {}, drawn, language = 'yaml' }) => [
      `${sentence(name)}:`,
      fenced(language, withoutMarks(yaml)),
      ...Object.entries(files).flatMap(([path, text]) => [`with \`${path}\`:`, fenced('yaml', withoutMarks(text))]),
      ...(drawn === undefined ? [] : ['draws', fenced('text', drawn.trimEnd())]),
    ]),
  ];
}

/** A block that the text cannot end, whatever fences it holds. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** An example's name at the start of a line; identifiers keep their case. */
function sentence(name: string): string {
  return /^[a-z][a-z]*\b(?![.\-/_:])/.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}
