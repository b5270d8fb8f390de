import { makeReport, type Diagnostic } from '../../../src/diagnostics';
import { PLAIN, renderText, type Paint } from '../../../src/report';
import { renderDiagnostic } from '../../../src/report/render-diagnostic';
import { diagnosticOf, marked } from './diagnostics';

type World = ReturnType<typeof marked>;

/** The lines of a picture between the message and the remark that closes it. */
function picture(diagnostic: Diagnostic, { sources }: World, width = 140): string {
  const lines = renderDiagnostic(diagnostic, sources, width, PLAIN).split('\n');
  return lines.slice(1, -2).join('\n');
}

function lines(...text: string[]): string {
  return text.join('\n');
}

describe('a picture', () => {
  it('gives each label of one line a row of its own, from left to right', () => {
    const world = marked({ 'a.yaml': '«key»: «value»\n' });

    const diagnostic = diagnosticOf(
      { at: world.at('a.yaml', 1), text: 'here' },
      { secondary: [{ at: world.at('a.yaml', 0), text: 'there' }] },
    );

    expect(picture(diagnostic, world)).toBe(
      lines(' --> a.yaml:1:6', '  |', '1 | key: value', '  | --- there', '  |      ^^^^^ here', '  |'),
    );
  });

  it('marks the first and the last line of a range of several, and leaves out what is between', () => {
    const world = marked({ 'a.yaml': 'a:\n  «b:\n    c: 1\n    d: 2\n    e: 3\n\n  »f: 2\n' });

    expect(picture(diagnosticOf({ at: world.at('a.yaml'), text: 'all of it' }), world)).toBe(
      lines(' --> a.yaml:2:3', '  |', '2 |   b:', '  |   ^^', '...', '5 |     e: 3', '  |     ^^^^ all of it', '  |'),
    );
  });

  it('draws neighbouring lines without dots', () => {
    const world = marked({ 'a.yaml': '- «a\n- b»\n' });

    expect(picture(diagnosticOf({ at: world.at('a.yaml'), text: 'both' }), world)).toBe(
      lines(' --> a.yaml:1:3', '  |', '1 | - a', '  |   ^', '2 | - b', '  | ^^^ both', '  |'),
    );
  });

  it('counts columns as a terminal does: tabs, wide characters, marks that combine', () => {
    const world = marked({ 'a.yaml': "\t- '日本e\u0301😀': «value»\n" });

    expect(picture(diagnosticOf({ at: world.at('a.yaml'), text: 'here' }), world)).toBe(
      lines(
        ' --> a.yaml:1:14',
        '  |',
        "1 |     - '日本e\u0301😀': value",
        `  | ${' '.repeat(4 + 3 + 4 + 1 + 2 + 3)}^^^^^ here`,
        '  |',
      ),
    );
  });

  it('marks the place after the last character', () => {
    const world = marked({ 'a.yaml': 'key:«\n»b: 1\n' });

    expect(picture(diagnosticOf({ at: world.at('a.yaml'), text: 'nothing here' }), world)).toContain(
      lines('1 | key:', '  |     ^ nothing here'),
    );
  });

  it('is only a place where the text is not there, where no text is meant, and where nothing is marked', () => {
    const world = marked({ 'a.yaml': 'key: «»value\n' });

    const diagnostic = diagnosticOf(
      { at: { file: 'gone.yaml', start: 5, end: 9 }, text: 'no such file' },
      {
        secondary: [
          { at: world.at('a.yaml'), text: 'a point' },
          { at: { file: 'a.yaml', start: 0, end: 0 }, text: 'the file' },
          { at: { file: 'a.yaml', start: 900, end: 999 }, text: 'past the end' },
          { at: { file: 'other.yaml', start: 0, end: 0 }, text: '' },
        ],
      },
    );

    expect(picture(diagnostic, world)).toBe(
      lines(
        ' --> gone.yaml: no such file',
        ' ::: a.yaml:1:6: a point',
        ' ::: a.yaml: the file',
        ' ::: a.yaml:2:1: past the end',
        ' ::: other.yaml',
      ),
    );
  });

  it('shows as much of a long line as fits, with what is marked in sight', () => {
    const world = marked({ 'a.yaml': `${'left '.repeat(40)}«mark»${' right'.repeat(40)}\n` });

    expect(picture(diagnosticOf({ at: world.at('a.yaml'), text: 'here' }), world, 48)).toBe(
      lines(
        ' --> a.yaml:1:201',
        '  |',
        '1 | ...left left mark right right right r...',
        '  |              ^^^^ here',
        '  |',
      ),
    );
  });

  it('shows a long line once for each group of marks that are far apart', () => {
    const world = marked({ 'a.yaml': `«one»${'.'.repeat(300)}«two» «three»\n` });

    const diagnostic = diagnosticOf(
      { at: world.at('a.yaml', 0), text: '1' },
      {
        secondary: [1, 2].map((n) => ({ at: world.at('a.yaml', n), text: String(n + 1) })),
      },
    );

    expect(picture(diagnostic, world, 48)).toBe(
      lines(
        ' --> a.yaml:1:1',
        '  |',
        `1 | one${'.'.repeat(31)}...`,
        '  | ^^^ 1',
        `1 | ...${'.'.repeat(25)}two three`,
        `  | ${' '.repeat(28)}--- 2`,
        `  | ${' '.repeat(28)}    ----- 3`,
        '  |',
      ),
    );
  });

  it('cuts a mark that is longer than the line may be', () => {
    const world = marked({ 'a.yaml': `text: «${'x'.repeat(500)}»\n` });
    const rows = picture(diagnosticOf({ at: world.at('a.yaml'), text: 'long' }), world, 60).split('\n');

    expect(rows[2]).toBe(`1 | ...${'x'.repeat(46)}...`);
    expect(rows[3]).toBe(`  |    ${'^'.repeat(46)} long`);
  });

  it('takes no time for a line of many megabytes', () => {
    const world = marked({ 'a.yaml': `[${'1, '.repeat(2_000_000)}«x»${', 1'.repeat(2_000_000)}]` });
    const begun = performance.now();

    for (let i = 0; i < 20; i++) picture(diagnosticOf({ at: world.at('a.yaml'), text: 'here' }), world);

    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe('a fix', () => {
  function fixed(world: World, ...edits: Diagnostic['fixes'][number]['edits'][number][]): string {
    const diagnostic = diagnosticOf(
      { at: world.at('a.yaml'), text: '' },
      { fixes: [{ title: 'do it', safe: true, edits }] },
    );
    const [, rest = ''] = renderDiagnostic(diagnostic, world.sources, 80, PLAIN).split('  = fix: do it\n');
    return rest.split('  = more')[0] ?? '';
  }

  it('shows every line that it changes, before and after', () => {
    const world = marked({ 'a.yaml': 'a: «1»\nb: 2\nc: «3»\n' });

    expect(fixed(world, { at: world.at('a.yaml', 1), text: '33' }, { at: world.at('a.yaml'), text: '11' })).toBe(
      '1 - a: 1\n1 + a: 11\n3 - c: 3\n3 + c: 33\n',
    );
  });

  it('shows only the line that it adds or takes away', () => {
    const world = marked({ 'a.yaml': 'a: 1«»\n«b: 2\n»c: 3\n' });

    expect(fixed(world, { at: world.at('a.yaml'), text: '\nnew: 1' })).toBe('2 + new: 1\n');
    expect(fixed(world, { at: world.at('a.yaml', 1), text: '' })).toBe('2 - b: 2\n');
  });

  it('names another file', () => {
    const world = marked({ 'a.yaml': '«a»', 'b.yaml': 'x\n«b»: 1' });

    expect(fixed(world, { at: world.at('b.yaml'), text: 'c' })).toBe(' ::: b.yaml:2:1\n2 - b: 1\n2 + c: 1\n');
  });

  it('leaves out edits that overlap, lie outside, or have no text', () => {
    const world = marked({ 'a.yaml': '«abc» «def»' });
    const at = world.at('a.yaml');

    expect(
      fixed(
        world,
        { at, text: 'x' },
        { at: { ...at, start: 1 }, text: 'y' },
        { at: { ...at, end: 999 }, text: 'z' },
        { at: { file: 'gone.yaml', start: 0, end: 0 }, text: 'w' },
      ),
    ).toBe('1 - abc def\n1 + x def\n');
  });

  it('cuts long lines around what it changes, and long changes short', () => {
    const world = marked({ 'a.yaml': `${'k'.repeat(200)}: «1» ${'v'.repeat(200)}\n` });

    expect(fixed(world, { at: world.at('a.yaml'), text: '"1"' })).toBe(
      `1 - ...${'k'.repeat(19)}: 1 ${'v'.repeat(43)}...\n1 + ...${'k'.repeat(19)}: "1" ${'v'.repeat(41)}...\n`,
    );
    expect(fixed(world, { at: world.at('a.yaml'), text: '1\n2'.repeat(20) }).split('\n')).toHaveLength(1 + 12 + 1 + 1);
  });
});

describe('renderText', () => {
  it('closes with the counts, each noun in its number', () => {
    const world = marked({ 'a.yaml': '«a» «b» «c» «d» «e» «f»' });
    const severities = ['error', 'error', 'warning', 'info', 'info', 'info'] as const;
    const report = makeReport(
      severities.map((severity, n) => diagnosticOf({ at: world.at('a.yaml', n), text: '' }, { severity })),
    );

    expect(renderText(report, world.sources)).toMatch(/\n\n2 errors, 1 warning, 3 infos\n$/);
  });

  it('says that nothing was found, and which rules were not run for want of what', () => {
    const skipped = [
      { slug: 'vm/no-fit', missing: 'no inventory of node10' },
      { slug: 'vm/no-fit', missing: 'no inventory of node9' },
      { slug: 'pci/shared-iommu-group', missing: 'no inventory of node10' },
      { slug: 'pci/shared-iommu-group', missing: 'no inventory of node9' },
      ...[1, 2, 3, 4, 5].map((n) => ({ slug: 'node/absent-address', missing: `no inventory of node${n}` })),
      { slug: 'node/drift', missing: 'no `cluster.current`' },
    ];

    expect(renderText(makeReport([], skipped), () => undefined)).toBe(
      lines(
        'no findings',
        'not run: node/drift (no `cluster.current`)',
        'not run: node/absent-address (no inventory of node1, no inventory of node2, no inventory of node3, and 2 more)',
        'not run: pci/shared-iommu-group, vm/no-fit (no inventory of node9, no inventory of node10)',
        '',
      ),
    );
  });

  it('lets nothing of the input steer a terminal', () => {
    const evil = '\u001b[2J\u009b31m\u202e\u2066\u200b\u0000\u0007\u007f\u2028\ud800';
    const world = marked({ [`a${evil}.yaml`]: `k: «${evil}x»\t\r\n`, 'b.yaml': `${evil}\n${evil}«k»: ${evil}` });
    const at = world.at(`a${evil}.yaml`);
    const words = `word\r\n\t${evil}word`;
    const diagnostic = diagnosticOf(
      { at, text: words },
      {
        message: words,
        secondary: [
          { at: world.at('b.yaml'), text: words },
          { at: { file: evil, start: 0, end: 0 }, text: words },
        ],
        notes: [words],
        help: [words],
        fixes: [{ title: words, safe: false, edits: [{ at, text: words }] }],
      },
    );

    const text = renderText(makeReport([diagnostic], [{ slug: evil, missing: evil }]), world.sources);

    expect(text).not.toMatch(/(?!\n)\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}]/u);
    expect(text).toContain('error[PCI102]: word  \ufffd[2J\ufffd31m');
  });

  it('paints roles, and paints nothing but roles', () => {
    const paint: Paint = {
      error: (text) => `<e>${text}</e>`,
      warning: (text) => `<w>${text}</w>`,
      info: (text) => `<i>${text}</i>`,
      message: (text) => `<m>${text}</m>`,
      frame: (text) => `<f>${text}</f>`,
      secondary: (text) => `<s>${text}</s>`,
      removed: (text) => `<r>${text}</r>`,
      added: (text) => `<a>${text}</a>`,
      note: (text) => `<n>${text}</n>`,
    };
    const world = marked({ 'a.yaml': '«a»: «b»\n\n\n«c»' });
    const diagnostic = diagnosticOf(
      { at: world.at('a.yaml'), text: 'one' },
      {
        secondary: [
          { at: world.at('a.yaml', 1), text: '' },
          { at: world.at('a.yaml', 2), text: 'three' },
        ],
        notes: ['a fact'],
        fixes: [{ title: 'write x', safe: true, edits: [{ at: world.at('a.yaml'), text: 'x' }] }],
      },
    );
    const report = makeReport([diagnostic]);

    const painted = renderText(report, world.sources, { paint });

    expect(painted).toMatchGolden('report/painted.txt');
    expect(painted.replace(/<\/?[a-z]>/g, '')).toBe(renderText(report, world.sources));
  });
});
