import Ajv2020 from 'ajv/dist/2020';
import { makeReport, type Diagnostic, type Report } from '../../../src/diagnostics';
import { renderSarif, type RulePage } from '../../../src/report';
import type { SourceFile } from '../../../src/source';
import { diagnosticOf, marked } from './diagnostics';
import { SARIF_SCHEMA } from './sarif-schema';

const validate = new Ajv2020({ allErrors: true, formats: { 'uri-reference': /^[^\s"<>\\^`{|}]+$/ } }).compile(
  SARIF_SCHEMA,
);

const PAGE: RulePage = {
  code: 'PCI102',
  slug: 'pci/duplicate-selector',
  severity: 'error',
  summary: 'a summary',
  why: '\nWhy it matters.',
  sources: [],
};

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { id: string; help?: { text: string } }[] } };
      readonly invocations: readonly { readonly toolConfigurationNotifications: readonly object[] }[];
      readonly results: readonly {
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly { physicalLocation: { artifactLocation: { uri: string }; region?: object } }[];
        readonly relatedLocations?: readonly object[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly fixes?: readonly object[];
        readonly suppressions: readonly object[];
      }[];
    },
  ];
}

function logOf(
  report: Report,
  sources: (file: string) => SourceFile | undefined,
  shownFile?: (file: string) => string,
): Log['runs'][0] {
  const text = renderSarif(report, sources, {
    version: '0.1.0',
    pageOf: (slug) => (slug === PAGE.slug ? PAGE : undefined),
    ...(shownFile === undefined ? {} : { shownFile }),
  });
  const log = JSON.parse(text) as Log;
  expect(validate(log) || validate.errors).toBe(true);
  return log.runs[0];
}

function fingerprintOf(text: string, n = 0): string | undefined {
  const world = marked({ 'a.yaml': text });
  const diagnostics = text
    .split('«')
    .slice(1)
    .map((_, i) => diagnosticOf({ at: world.at('a.yaml', i), text: '' }));
  return logOf(makeReport(diagnostics), world.sources).results[n]?.partialFingerprints['hostdevFinding/v1'];
}

it('gives rule, level, region, related places and a safe fix', () => {
  const world = marked({ 'a.yaml': 'a: «1»\nb: «2\nc»: 3\n', 'b.yaml': '«x»' });
  const diagnostic = diagnosticOf(
    { at: world.at('a.yaml'), text: 'one' },
    {
      secondary: [{ at: world.at('b.yaml'), text: 'two' }],
      notes: ['a fact'],
      help: ['an advice'],
      fixes: [
        { title: 'write y', safe: true, edits: [{ at: world.at('a.yaml', 1), text: 'y' }] },
        { title: 'guess', safe: false, edits: [{ at: world.at('a.yaml', 1), text: 'z' }] },
      ],
    },
  );

  const { tool, results } = logOf(makeReport([diagnostic]), world.sources);

  expect(tool.driver.rules).toMatchObject([
    {
      id: 'PCI102',
      name: 'pci/duplicate-selector',
      shortDescription: { text: 'a summary' },
      fullDescription: { text: 'Why it matters.' },
      defaultConfiguration: { level: 'error' },
    },
  ]);
  expect(tool.driver.rules[0]?.help?.text).toContain('Why it matters.');
  expect(results).toMatchObject([
    {
      ruleId: 'PCI102',
      ruleIndex: 0,
      level: 'error',
      message: { text: 'a message\nnote: a fact\nhelp: an advice' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a.yaml' },
            region: { startLine: 1, startColumn: 4, endLine: 1, endColumn: 5 },
          },
          message: { text: 'one' },
        },
      ],
      relatedLocations: [{ id: 1, message: { text: 'two' } }],
      suppressions: [],
    },
  ]);
  expect(results[0]?.fixes).toEqual([
    {
      description: { text: 'write y' },
      artifactChanges: [
        {
          artifactLocation: { uri: 'a.yaml' },
          replacements: [
            {
              deletedRegion: { startLine: 2, startColumn: 4, endLine: 3, endColumn: 2 },
              insertedContent: { text: 'y' },
            },
          ],
        },
      ],
    },
  ]);
});

it('keeps a finding whose text is not there, without a region and without its fix', () => {
  const at = { file: 'gone.yaml', start: 5, end: 6 };
  const diagnostic = diagnosticOf({ at, text: '' }, { fixes: [{ title: 'x', safe: true, edits: [{ at, text: '' }] }] });

  const [result] = logOf(makeReport([diagnostic]), () => undefined).results;

  expect(result?.locations).toEqual([{ physicalLocation: { artifactLocation: { uri: 'gone.yaml' } } }]);
  expect(result?.fixes).toBeUndefined();
});

it.each([
  ['a b/c%d#é?.yaml', 'a%20b/c%25d%23%C3%A9%3F.yaml'],
  ['/abs/a.yaml', 'file:///abs/a.yaml'],
  ['c:d.yaml', './c:d.yaml'],
  ['\ud800.yaml', '%EF%BF%BD.yaml'],
  ['standard input', 'standard%20input'],
])('writes the path %j as a URI', (file, uri) => {
  const diagnostic = diagnosticOf({ at: { file, start: 0, end: 0 }, text: '' });

  expect(logOf(makeReport([diagnostic]), () => undefined).results[0]?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri },
  });
});

it('names files as the caller wants them named', () => {
  const diagnostic = diagnosticOf({ at: { file: 'a.yaml', start: 0, end: 0 }, text: '' });

  const { results } = logOf(
    makeReport([diagnostic]),
    () => undefined,
    (file) => `sub/${file}`,
  );

  expect(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('sub/a.yaml');
});

it('has the findings that comments allow, with their reasons', () => {
  const world = marked({ 'a.yaml': '«# why»\na: «1»\n' });
  const diagnostic = diagnosticOf({ at: world.at('a.yaml', 1), text: '' });
  const by = { reason: 'known', until: '2027-03-01', at: world.at('a.yaml') };

  const { results } = logOf(makeReport([], [], [{ diagnostic, by }]), world.sources);

  expect(results).toMatchObject([{ suppressions: [{ kind: 'inSource', justification: 'known (until 2027-03-01)' }] }]);
});

it('says once for each rule what was not run', () => {
  const skipped = [
    { slug: 'pci/duplicate-selector', missing: 'no inventory of n1' },
    { slug: 'vm/no-fit', missing: 'no inventory of n1' },
  ];

  const { invocations, tool } = logOf(makeReport([], skipped), () => undefined);

  expect(tool.driver.rules).toHaveLength(1);
  expect(invocations[0]?.toolConfigurationNotifications).toEqual([
    {
      level: 'note',
      message: { text: 'pci/duplicate-selector was not run: no inventory of n1' },
      associatedRule: { id: 'PCI102', index: 0 },
    },
    { level: 'note', message: { text: 'vm/no-fit was not run: no inventory of n1' } },
  ]);
});

describe('a fingerprint', () => {
  const original = 'pools:\n  a: «x»\n';

  it('stays when lines come and go above, and when blanks change', () => {
    expect(fingerprintOf(`# more\n\n${original}`)).toBe(fingerprintOf(original));
    expect(fingerprintOf('pools:\n      a:   «x»   \n')).toBe(fingerprintOf(original));
  });

  it('differs for another line', () => {
    expect(fingerprintOf('pools:\n  b: «x»\n')).not.toBe(fingerprintOf(original));
  });

  it('tells equal lines apart by their order', () => {
    const twice = 'p:\n- «x»\nq:\n- «x»\n';

    expect(fingerprintOf(twice, 0)).not.toBe(fingerprintOf(twice, 1));
  });
});

it('levels an info as a note', () => {
  const diagnostics: Diagnostic[] = (['info', 'warning'] as const).map((severity) =>
    diagnosticOf({ at: { file: 'a', start: 0, end: 0 }, text: '' }, { severity }),
  );

  expect(
    logOf(makeReport(diagnostics), () => undefined)
      .results.map(({ level }) => level)
      .sort(),
  ).toEqual(['note', 'warning']);
});
