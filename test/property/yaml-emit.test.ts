import fc from 'fast-check';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import type { JsonObject, JsonValue } from '../../src/model';
import { SourceFile } from '../../src/source';
import { emitFlow, emitYaml, readYaml } from '../../src/yaml';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

/** Pieces that mean something to one reader of YAML or another. */
const PIECES = [
  ...[
    '0x1f',
    '0o17',
    '017',
    '0010',
    '1_000',
    '1e3',
    '12e4',
    '1.',
    '.5',
    '0b11',
    '1:20',
    '65:00.0',
    '0000:05:00.0',
    '2330',
    '-0',
    'e1',
  ],
  ...[
    '~',
    'null',
    'yes',
    'No',
    'on',
    'y',
    'N',
    'true',
    '.inf',
    '.NaN',
    '=',
    '<<',
    '2001-01-01',
    '2001-01-01T00:00:00Z',
  ],
  ...[
    '- ',
    '- a',
    ': ',
    ':',
    'a: b',
    ' #',
    '#c',
    '?',
    '? x',
    '!t',
    '&a',
    '*a',
    '|',
    '>',
    '%',
    '@',
    '`',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
  ],
  ...[
    '---',
    '...',
    '\n',
    '\n\n',
    '\t',
    '\r',
    '\r\n',
    ' ',
    '  ',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\x7f',
    '\x00',
    '\ufffe',
    '\ud800',
    '\u{1F600}',
  ],
  ...[
    '__proto__',
    'constructor',
    '',
    'word',
    'two words',
    'line one\nline two\n',
    'end:',
    'nvidia.com/GRID_T4-1Q',
    'k'.repeat(1_050),
  ],
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);
const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.constantFrom(1e21, 1e-7, 5e-324, 1.5e300),
  )
  .map((value) => (Object.is(value, -0) ? 0 : value));

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map(toObject),
  ),
}));
const object = fc.array(fc.tuple(text, value), { maxLength: 4 }).map(toObject);

/** An object that has an entry of its own for `__proto__` too. */
function toObject(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  const result = {};
  for (const [key, entry] of entries) {
    Object.defineProperty(result, key, { value: entry, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

/** A text that is equal for equal values, whatever the order of their keys. */
function canonical(given: unknown): string {
  return JSON.stringify(given, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? toObject(Object.entries(inner as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, JsonValue][])
      : inner,
  );
}

const READERS: readonly (readonly [string, (yaml: string) => unknown])[] = [
  ['yaml, version 1.2', (yaml): unknown => parse(yaml, { logLevel: 'silent' })],
  ['yaml, version 1.1', (yaml): unknown => parse(yaml, { version: '1.1', logLevel: 'silent' })],
  ['js-yaml', (yaml) => load(yaml)],
  ['our own reader', (yaml) => readOwn(yaml, 'yaml-1.2')],
  ['our own reader, as kubectl reads', (yaml) => readOwn(yaml, 'kubernetes')],
];

function readOwn(yaml: string, dialect: 'yaml-1.2' | 'kubernetes'): unknown {
  const { documents, problems, ambiguities } = readYaml(new SourceFile('out.yaml', yaml), {
    dialect,
    ambiguities: true,
  });
  expect([problems, ambiguities]).toEqual([[], []]);
  return documents[0]?.value;
}

describe.each(READERS)('%s', (_, readBack) => {
  it('reads an emitted block back as the same value', () => {
    fc.assert(
      fc.property(object, (given) => {
        expect(canonical(readBack(emitYaml(given)))).toBe(canonical(given));
      }),
      RUNS,
    );
  });

  it('reads an emitted line back as the same value', () => {
    fc.assert(
      fc.property(value, (given) => {
        const line = emitFlow(given);
        expect(line).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
        expect(canonical(readBack(`- ${line}\n`))).toBe(canonical([given]));
      }),
      RUNS,
    );
  });
});

it('draws comments that no reader sees', () => {
  const pointers = fc.constantFrom('', '/a', '/b', '/b/0', '/b/0/c', '/b/1');
  fc.assert(
    fc.property(value, value, fc.array(fc.tuple(pointers, text)), (a, c, comments) => {
      const given: JsonObject = { a, b: [{ c }, 'x'] };
      const yaml = emitYaml(given, { comments: new Map(comments) });
      expect(canonical(parse(yaml, { logLevel: 'silent' }))).toBe(canonical(given));
      expect(canonical(readOwn(yaml, 'kubernetes'))).toBe(canonical(given));
    }),
    RUNS,
  );
});

it('does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, value), { selector: ([key]) => key, maxLength: 6 }), (entries) => {
      expect(emitYaml(toObject([...entries].reverse()))).toBe(emitYaml(toObject(entries)));
    }),
    RUNS,
  );
});
