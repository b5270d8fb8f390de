import fc from 'fast-check';
import { parseAllDocuments, parse } from 'yaml';
import { SourceFile, type Place } from '../../src/source';
import { applyEdits, ambiguityProblem, locateInYaml, quoteText, rawScalar, readYaml } from '../../src/yaml';
import { messageLawViolations } from '../support/message-law';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

/** Pieces of YAML that make texts which are valid about half of the time. */
const PIECES = [
  ...[
    'a',
    'b',
    'key',
    ': ',
    ':',
    '- ',
    '-',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    '"x"',
    "'y'",
    '"\\n\\u00e9"',
    ', ',
    ',',
  ],
  ...[
    '|\n',
    '|-\n   x\n',
    '>\n    folded\n    more\n\n    x\n',
    '[',
    ']',
    '{',
    '}',
    '#c',
    ' # c ] }\n',
    '&a ',
    '*a',
    '? ',
    '!!str ',
    '!x ',
  ],
  ...[
    '1',
    '0010',
    '0x1f',
    '1e3',
    '.5',
    '.inf',
    '~',
    'null',
    'true',
    'yes',
    '65:00.0',
    '\t',
    '\r\n',
    '\r',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  ],
  ...[
    'é',
    '\u{1F600}',
    '\u0085',
    '\0',
    '\x01',
    '{{ x }}',
    '<<',
    '<<: ',
    '=',
    '@',
    '`',
    '"',
    "'",
    'k: v\n',
    'x: [1, {a: b}]\n',
  ],
];
const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(''));
const anyText = fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }));

function rangeOf(place: Place) {
  if (place.kind === 'file') return undefined;
  if (place.kind !== 'range') throw new Error(`a problem of reading is tied to a ${place.kind} place`);
  return place.span;
}

it('reads any text without throwing, and marks what it complains about', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom('yaml-1.2' as const, 'kubernetes' as const), (text, dialect) => {
      const source = new SourceFile('any.yaml', text);
      const { problems, ambiguities } = readYaml(source, { dialect, ambiguities: true });
      for (const problem of [...problems, ...ambiguities.map((ambiguity) => ambiguityProblem(ambiguity))]) {
        expect(messageLawViolations(problem)).toEqual([]);
        for (const { at } of [problem.primary, ...problem.secondary]) {
          const span = rangeOf(at);
          if (span === undefined) continue;
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(source.text.length);
        }
      }
    }),
    RUNS,
  );
});

it('finds a place for any pointer in any text', () => {
  const pointer = fc
    .array(fc.constantFrom('a', 'key', '0', '1', 'k', 'x', ''), { maxLength: 4 })
    .map((keys) => keys.map((key) => `/${key}`).join(''));
  fc.assert(
    fc.property(
      anyText,
      pointer,
      fc.nat(2),
      fc.constantFrom('key' as const, 'value' as const),
      (text, at, document, part) => {
        const source = new SourceFile('any.yaml', text);
        const { start, end } = locateInYaml(source, {
          kind: 'document',
          file: 'any.yaml',
          document,
          pointer: at,
          part,
        });
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(source.text.length);
        rawScalar(source, document, at);
      },
    ),
    RUNS,
  );
});

it('reads what the yaml package reads, where both accept a text', () => {
  let compared = 0;
  fc.assert(
    fc.property(pieces, (text) => {
      const documents = parseAllDocuments(text, { prettyErrors: false, stringKeys: true, logLevel: 'silent' });
      const { problems, documents: own } = readYaml(new SourceFile('any.yaml', text));
      // an indented `---` on the first line is a text to one and a marker to the other
      if (!Array.isArray(documents) || problems.length > 0 || /^[ \t]+---/.test(text)) return;
      if (documents.some(({ errors }) => errors.length > 0)) return;
      compared++;
      // a line of dots alone makes a document without content for one of the two
      const theirs = documents.map((document) => document.toJS() as unknown).filter((value) => value !== null);
      expect(own.map(({ value }) => value).filter((value) => value !== null)).toEqual(theirs);
    }),
    RUNS,
  );
  expect(compared).toBeGreaterThan(RUNS.numRuns / 10);
});

const key = fc.constantFrom('name', 'a/b', 'a~b', '0010', 'two words', 'é', '');
const scalar = fc.oneof(
  fc.constantFrom('0010', '65:00.0', 'plain text', '"quoted # text"', "'it''s'", '"a\\nb"', '1e10', 'null', 'x#y'),
  fc.string({ maxLength: 8 }).map((text) => quoteText(text)),
);
interface Written {
  readonly yaml: string;
  /** Each scalar with its pointer, as it was typed. */
  readonly scalars: readonly { readonly pointer: string; readonly typed: string }[];
}
const flowTree = fc.letrec<{ tree: Written }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar.map((typed): Written => ({ yaml: typed, scalars: [{ pointer: '', typed }] })),
    fc.array(tie('tree'), { maxLength: 3 }).map((items): Written =>
      write(
        items.map((item, i) => [String(i), '', item]),
        '[',
        ']',
      ),
    ),
    fc.uniqueArray(fc.tuple(key, tie('tree')), { selector: ([name]) => name, maxLength: 3 }).map((entries): Written =>
      write(
        entries.map(([name, inner]) => [name, `${quoteText(name)}: `, inner]),
        '{',
        '}',
      ),
    ),
  ),
})).tree;

function write(children: readonly (readonly [string, string, Written])[], open: string, close: string): Written {
  return {
    yaml: `${open} ${children.map(([, before, { yaml }]) => before + yaml).join(', # c ] }\n   ')} ${close}`,
    scalars: children.flatMap(([name, , { scalars }]) =>
      scalars.map(({ pointer, typed }) => ({
        pointer: `/${name.replace(/~/g, '~0').replace(/\//g, '~1')}${pointer}`,
        typed,
      })),
    ),
  };
}

it('marks every scalar with exactly the text that was typed, so that a fix can replace it', () => {
  fc.assert(
    fc.property(flowTree, ({ yaml, scalars }) => {
      const source = new SourceFile('any.yaml', `# before\nroot:\n  ${yaml}\nafter: 1\n`);
      expect(readYaml(source).problems).toEqual([]);
      for (const { pointer, typed } of scalars) {
        const place = {
          kind: 'document',
          file: 'any.yaml',
          document: 0,
          pointer: `/root${pointer}`,
          part: 'value',
        } as const;
        const span = locateInYaml(source, place);
        expect(source.text.slice(span.start, span.end)).toBe(typed);
        expect(rawScalar(source, 0, place.pointer)?.text).toBe(typed);
      }
      const edits = scalars.map(({ pointer }) => {
        const at = locateInYaml(source, {
          kind: 'document',
          file: 'any.yaml',
          document: 0,
          pointer: `/root${pointer}`,
          part: 'value',
        });
        return { at, text: '"new"' };
      });
      const edited = applyEdits(source, edits);
      expect(edited.ok && parse(edited.value)).toMatchObject({ after: 1 });
    }),
    RUNS,
  );
});
