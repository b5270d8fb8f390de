import fc from 'fast-check';
import { makeReport, type Diagnostic } from '../../src/diagnostics';
import { PLAIN, renderJson, renderText } from '../../src/report';
import { renderDiagnostic } from '../../src/report/render-diagnostic';
import { SourceFile, type Span } from '../../src/source';
import { diagnosticOf } from '../unit/report/diagnostics';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

/** Characters with the columns that a terminal gives them, by what they are drawn as. */
const CHARACTERS: readonly { readonly raw: string; readonly drawn: string; readonly width: number }[] = [
  ...Array.from('abc:-"{ #').map((raw) => ({ raw, drawn: raw, width: 1 })),
  { raw: '\t', drawn: '    ', width: 4 },
  { raw: '世', drawn: '世', width: 2 },
  { raw: '😀', drawn: '😀', width: 2 },
  { raw: 'é', drawn: 'é', width: 1 },
  { raw: '\u0301', drawn: '\u0301', width: 0 },
  { raw: '\u001b', drawn: '\ufffd', width: 1 },
  { raw: '\u202e', drawn: '\ufffd', width: 1 },
  { raw: '\u0085', drawn: '\ufffd', width: 1 },
  { raw: '\ufe0f', drawn: '', width: 0 },
];
const DRAWN = new Map(CHARACTERS.map(({ raw, drawn }) => [raw, drawn]));
const WIDTHS = new Map(CHARACTERS.map(({ drawn, width }) => [drawn, width]));

const character = fc.constantFrom(...CHARACTERS.map(({ raw }) => raw));
const line = fc.array(character, { maxLength: 60 }).map((characters) => characters.join(''));
const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));

/** The characters of a drawn row by the columns that they begin at. */
function cells(row: string): { readonly column: number; readonly character: string }[] {
  let column = 0;
  return Array.from(row).map((one) => {
    const cell = { column, character: one };
    column += WIDTHS.get(one) ?? 1;
    return cell;
  });
}

function drawnAs(raw: string): string {
  return Array.from(raw)
    .map((one) => DRAWN.get(one) ?? one)
    .join('');
}

it('stands a mark under exactly the characters of every range within a line', () => {
  const ranges = text.chain((written) =>
    fc.record({
      written: fc.constant(written),
      a: fc.nat(written.length),
      b: fc.nat(written.length),
      width: fc.nat(160),
    }),
  );
  fc.assert(
    fc.property(ranges, ({ written, a, b, width }) => {
      const source = new SourceFile('a.yaml', written);
      // whole characters, as every reader gives them
      const ends = Array.from(source.text).map(
        (
          (at) => (one: string) =>
            (at += one.length)
        )(0),
      );
      const bound = (n: number): number => ends.filter((end) => end <= n).at(-1) ?? 0;
      const [start, end] = [bound(Math.min(a, b)), bound(Math.max(a, b))];
      const marked = source.text.slice(start, end);
      fc.pre(end > start && !marked.includes('\n'));

      const [head, , row = '', marks = ''] = picture(source, { file: 'a.yaml', start, end }, width);
      const { line: number, column } = source.positionOf(start);
      expect(head).toBe(` --> a.yaml:${number}:${column}`);
      const prefix = `${number} | `;
      expect(row.startsWith(prefix.trimEnd())).toBe(true);

      const from = marks.indexOf('^') - prefix.length;
      const to = marks.lastIndexOf('^') + 1 - prefix.length;
      const under = cells(row.slice(prefix.length))
        .filter(({ column: at, character: one }) => at >= from && at < to && WIDTHS.get(one) !== 0)
        .map(({ character: one }) => one)
        .join('');
      const expected = drawnAs(marked).replace(/\u0301/g, '');
      const isCut = row.includes('...');
      // a mark that nothing stands above, or that a cut shortened, is the beginning of what is meant
      if (expected === '') expect(to - from).toBe(1);
      else if (isCut) expect(expected.startsWith(under) && under !== '').toBe(true);
      else expect(under.trimEnd()).toBe(expected.trimEnd());
      expect(marks.length).toBeLessThanOrEqual(Math.max(prefix.length + to, row.length * 4) + ' label'.length);
    }),
    RUNS,
  );
});

it('draws no source line wider than the terminal', () => {
  fc.assert(
    fc.property(text, fc.nat(300), fc.nat(300), fc.integer({ min: 40, max: 120 }), (written, a, b, width) => {
      const source = new SourceFile('a.yaml', written);
      const span = { file: 'a.yaml', start: Math.min(a, b), end: Math.max(a, b) };
      for (const row of picture(source, span, width).filter((one) => /^\d+ \| /.test(one))) {
        const last = cells(row).at(-1);
        expect((last?.column ?? 0) + 1).toBeLessThanOrEqual(width);
      }
    }),
    RUNS,
  );
});

it('never fails, and lets nothing of the input steer a terminal, whatever the texts, ranges and words are', () => {
  const words = fc.string({ unit: 'binary' });
  const span = fc.record({ file: fc.oneof(fc.constantFrom('a', 'b'), words), start: fc.integer(), end: fc.integer() });
  const near = fc.record({ file: fc.constantFrom('a', 'b'), start: fc.nat(80), end: fc.nat(80) });
  const label = fc.record({ at: fc.oneof(span, near), text: words });
  const diagnostic: fc.Arbitrary<Diagnostic> = fc.record({
    code: words,
    slug: words,
    severity: fc.constantFrom('error', 'warning', 'info'),
    message: words,
    primary: label,
    secondary: fc.array(label, { maxLength: 4 }),
    notes: fc.array(words, { maxLength: 2 }),
    help: fc.array(words, { maxLength: 2 }),
    fixes: fc.array(fc.record({ title: words, safe: fc.boolean(), edits: fc.array(label, { maxLength: 3 }) }), {
      maxLength: 2,
    }),
  });
  const anything = fc.oneof(text, fc.string({ unit: 'binary', maxLength: 80 }), fc.constant('\r\n\r\n\r'));
  fc.assert(
    fc.property(fc.array(diagnostic, { maxLength: 3 }), anything, anything, fc.nat(200), (diagnostics, a, b, width) => {
      const files = new Map([
        ['a', new SourceFile('a', a)],
        ['b', new SourceFile('b', b)],
      ]);
      const report = makeReport(diagnostics);
      const shown = renderText(report, (file) => files.get(file), { width });
      expect(shown).not.toMatch(/[\p{Cs}\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
      expect(JSON.parse(renderJson(report, (file) => files.get(file)))).toMatchObject({ version: 1 });
    }),
    RUNS,
  );
});

function picture(source: SourceFile, at: Span, width: number): string[] {
  return renderDiagnostic(diagnosticOf({ at, text: 'label' }), () => source, width, PLAIN)
    .split('\n')
    .slice(1);
}
