import fc from 'fast-check';
import { applySuppressions } from '../../src/compile/suppress';
import { readSuppressions, type Diagnostic } from '../../src/diagnostics';
import { SourceFile } from '../../src/source';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

const PIECES = fc.constantFrom(
  '# hostdev-allow ',
  '# hostdev-allow-file ',
  '// hostdev-allow ',
  'PCI104',
  'PCI110',
  'pci/duplicate-selector',
  ' until 2027-01-01',
  ' until 2020-01-01',
  ': reason',
  ':',
  '\n',
  '\r\n',
  'a: 1',
  '- |\n  ',
  '"',
  '\ufeff',
  '\u2028',
);
const TEXT = fc
  .array(fc.oneof(PIECES, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 })
  .map((pieces) => pieces.join(''));
const FILE = fc.constantFrom('fleet.yaml', 'main.ts', 'odd name');

function diagnosticAt(file: string, code: string, start: number, end: number): Diagnostic {
  const at = { file, start, end };
  return {
    code,
    slug: 'pci/any',
    severity: 'error',
    message: 'a message',
    primary: { at, text: '' },
    secondary: [],
    notes: [],
    help: [],
    fixes: [],
  };
}

it('reads comments of any text, and every range lies in it', () => {
  fc.assert(
    fc.property(TEXT, fc.constantFrom<'#' | '//'>('#', '//'), (text, mark) => {
      const source = new SourceFile('f', text);
      for (const comment of readSuppressions(source, { mark, isComment: () => true })) {
        const spans = comment.ok ? [comment.at, comment.ruleAt, comment.removal] : [comment.at];
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(source.text.length);
        }
        expect(source.text.slice(comment.at.start)).toMatch(/^(?:#|\/\/)/);
      }
    }),
    RUNS,
  );
});

it('loses no finding, and allows none that must stand', () => {
  const spots = fc.array(fc.tuple(fc.constantFrom('PCI104', 'PCI110', 'PCI102'), fc.nat(60), fc.nat(20)), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(TEXT, FILE, spots, (text, file, places) => {
      const source = new SourceFile(file, text);
      const diagnostics = places.map(([code, start, length]) => diagnosticAt(file, code, start, start + length));

      const { kept, suppressed, findings } = applySuppressions({
        diagnostics,
        sources: [source],
        today: '2026-11-22',
        isJudged: () => true,
        isShared: () => false,
      });

      const after = [...kept, ...suppressed.map(({ diagnostic }) => diagnostic)];
      expect(after).toHaveLength(diagnostics.length);
      expect(new Set(after)).toEqual(new Set(diagnostics));
      // PCI110 hands over what the host uses
      expect(suppressed.filter(({ diagnostic }) => diagnostic.code === 'PCI110')).toEqual([]);
      expect(suppressed.filter(({ by }) => by.until !== undefined && by.until < '2026-11-22')).toEqual([]);
      expect(findings.every(({ code }) => code.startsWith('SUP9'))).toBe(true);
    }),
    RUNS,
  );
});

it('removes an idle comment and nothing else', () => {
  const line = fc.constantFrom('a: 1', '  b: "x # y"', 'c:', '');
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 5 }),
      fc.array(line, { maxLength: 5 }),
      fc.boolean(),
      (above, below, own) => {
        const comment = '# hostdev-allow PCI102: idle';
        const head = above.map((text) => `${text}\n`).join('');
        const tail = below.map((text) => `${text}\n`).join('');
        const text = own ? `${head}  ${comment}\n${tail}` : `${head}d: 2   ${comment}\n${tail}`;
        const { findings } = applySuppressions({
          diagnostics: [],
          sources: [new SourceFile('fleet.yaml', text)],
          today: '2026-11-22',
          isJudged: () => true,
          isShared: () => false,
        });
        const [edit] = findings[0]?.fixes[0]?.edits ?? [];
        const span = edit?.at.kind === 'range' ? edit.at.span : undefined;
        if (span === undefined) throw new Error('no fix');

        expect(text.slice(0, span.start) + text.slice(span.end)).toBe(own ? head + tail : `${head}d: 2\n${tail}`);
      },
    ),
    RUNS,
  );
});
