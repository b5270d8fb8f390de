import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '../../src/compile';
import { DOCUMENTED_PROBLEMS, RULES, RUNNER_PROBLEMS } from '../../src/rules';
import { ROOT } from '../support/lab';
import { messageLawViolations } from '../support/message-law';

const FOLDER = join(ROOT, 'src', 'rules');

/** The letters and the hundred of the codes of an area. */
const CODES: Readonly<Record<string, RegExp>> = {
  acknowledge: /^SUP9\d\d$/,
  gitops: /^GIT8\d\d$/,
  internal: /^BUG9\d\d$/,
  kubevirt: /^KUB5\d\d$/,
  mdev: /^MDV2\d\d$/,
  node: /^NOD[45]\d\d$/,
  pci: /^PCI1\d\d$/,
  resource: /^RES[67]\d\d$/,
  usb: /^USB2\d\d$/,
  vm: /^VMI[35]\d\d$/,
};

/** A commit, a release, an issue, or a document that carries its version in its address. */
const PINNED = [
  /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:blob|tree)\/(?:[0-9a-f]{7,40}|v?\d+(?:\.\d+)+)\/./,
  /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+$/,
  /^https:\/\/docs\.kernel\.org\/\d+\.\d+\//,
  /^https:\/\/yaml\.org\/(?:spec\/\d|type\/)/,
];

const ruleFiles = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'acknowledge')
  .flatMap(({ name }) => readdirSync(join(FOLDER, name)).map((file) => `${name}/${file.replace(/\.ts$/, '')}`));

test('the list is the folder, in the order of the slugs', () => {
  expect(RULES.map(({ slug }) => slug)).toEqual([...ruleFiles].sort());
});

test('every code and every slug is given once', () => {
  const all = [...new Set([...PROBLEMS, ...RULES, ...RUNNER_PROBLEMS])];
  expect(repeated(all.map(({ code }) => code))).toEqual([]);
  expect(repeated(all.map(({ slug }) => slug))).toEqual([]);
});

describe.each([...RULES, ...RUNNER_PROBLEMS].map((problem) => [problem.slug, problem] as const))(
  '%s',
  (slug, problem) => {
    test('has a code of its area and words that say what is wrong and why', () => {
      expect(problem.code).toMatch(CODES[slug.split('/')[0] ?? ''] ?? /^$/);
      expect(messageLawViolations({ message: problem.summary, primary: { text: '' } }).filter(isAboutForm)).toEqual([]);
      expect(problem.why.trim().length).toBeGreaterThan(100);
    });

    test('cites sources that do not move', () => {
      for (const { claim, url } of problem.sources) {
        expect(claim).not.toBe('');
        expect(PINNED.some((form) => form.test(url)) ? 'pinned' : url).toBe('pinned');
      }
    });
  },
);

describe.each(DOCUMENTED_PROBLEMS.map((problem) => [problem.slug, problem] as const))('%s', (_slug, { examples }) => {
  test('has examples for either side', () => {
    expect(examples.bad.length).toBeGreaterThan(0);
    expect(examples.good.length).toBeGreaterThan(0);
  });
});

test('every rule cites a fact', () => {
  expect(RULES.filter(({ sources }) => sources.length === 0).map(({ slug }) => slug)).toEqual([]);
});

test('every rule is named after its file', () => {
  for (const slug of ruleFiles) {
    const name = (slug.split('/')[1] ?? '').replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const text = readFileSync(join(FOLDER, `${slug}.ts`), 'utf8');
    expect(text).toContain(`export const ${name} = defineRule({`);
    expect(text).toContain(`slug: '${slug}',`);
  }
});

function repeated(names: readonly string[]): string[] {
  return names.filter((name, i) => names.indexOf(name) !== i);
}

/** A summary is a clause as a message is; its numbers are words, since it is about every case. */
function isAboutForm(violation: string): boolean {
  return !violation.includes('(rule 11)');
}
