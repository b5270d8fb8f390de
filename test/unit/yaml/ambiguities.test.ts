import { AMBIGUOUS_SCALAR, ambiguityProblem } from '../../../src/yaml';
import { messageLawViolations } from '../../support/message-law';
import { inShort, read } from './reading';

function readings(text: string): readonly (readonly unknown[])[] {
  return read(text, { ambiguities: true }).ambiguities.map(({ pointer, part, raw, readAs, readBy11, span }) => {
    expect(text.slice(span.start, span.end)).toBe(raw);
    return [pointer, part, raw, readAs, readBy11];
  });
}

it.each([
  ['0010', 10, 'the number 8 (octal)'],
  ['-017', -17, 'the number -15 (octal)'],
  ['08', 8, 'the text 08'],
  ['0o17', 15, 'the text 0o17'],
  ['1e10', 1e10, 'the text 1e10'],
  ['1.5e3', 1500, 'the text 1.5e3'],
  ['65:00.0', '65:00.0', 'the number 3900 (base 60)'],
  ['0000:05:00.0', '0000:05:00.0', 'the number 300 (base 60)'],
  ['10:20:30', '10:20:30', 'the number 37230 (base 60)'],
  ['1_000', '1_000', 'the number 1000'],
  ['0b11', '0b11', 'the number 3 (binary)'],
  ['-0x1f', '-0x1f', 'the number -31 (hexadecimal)'],
  ['1_0.5', '1_0.5', 'the number 10.5'],
  ['yes', 'yes', 'true'],
  ['N', 'N', 'false'],
  ['on', 'on', 'true'],
  ['Off', 'Off', 'false'],
  ['2001-01-01', '2001-01-01', 'the date 2001-01-01'],
  ['2001-1-1 1:02:03.5 +1', '2001-1-1 1:02:03.5 +1', 'the date 2001-1-1 1:02:03.5 +1'],
  ['=', '=', 'a default value key'],
  ['<<', '<<', 'a merge key'],
])('notices that %s has two readings', (typed, readAs, readBy11) => {
  expect(readings(`a: [x, { b: ${typed} }]\n`)).toEqual([['/a/1/b', 'value', typed, readAs, readBy11]]);
});

it.each([
  ...['10', '-3', '0', '-0', '0x1F', '1.5', '.5', '1.', '1.5e+3', '~', 'null', 'true', 'False', ''],
  ...[
    '0000:5e:00.0',
    '10de:1eb8',
    '8086:5845',
    '00:11:22:33:44:55',
    '1.2.3',
    '10.0.0.1',
    'v1.2',
    'yesterday',
    'e1',
    'nan',
  ],
  ...['0b', '0x_', '0b_', '.', '_', '2001-01', '20010101', '+', '=x', '"0010"', "'yes'", '!!str 0010'],
])('finds one reading for %s', (typed) => {
  expect(readings(`a: ${typed}\n`)).toEqual([]);
});

it('looks at keys as well, and escapes their pointers', () => {
  expect(readings('nodes:\n  0010: 1\n  on: { a/b: no }\n  8080: 2\n')).toEqual([
    ['/nodes/0010', 'key', '0010', 10, 'the number 8 (octal)'],
    ['/nodes/on', 'key', 'on', 'on', 'true'],
    ['/nodes/on/a~1b', 'value', 'no', 'no', 'false'],
  ]);
});

it('numbers the documents', () => {
  const { ambiguities } = read('a: 1\n---\na: yes\n', { ambiguities: true });
  expect(ambiguities.map(({ document, pointer }) => [document, pointer])).toEqual([[1, '/a']]);
});

it('collects nothing unless asked, and nothing for the readers of Kubernetes', () => {
  expect(read('a: yes\n').ambiguities).toEqual([]);
  expect(read('a: yes\n', { ambiguities: true, dialect: 'kubernetes' }).ambiguities).toEqual([]);
});

describe('as problems', () => {
  function problemsOf(text: string) {
    return read(text, { ambiguities: true }).ambiguities.map((ambiguity) => ambiguityProblem(ambiguity));
  }

  it('says both readings, and offers to quote a text safely', () => {
    const text = 'address: 65:00.0\n';
    const [problem] = problemsOf(text);
    if (problem === undefined) throw new Error('no problem');
    expect(inShort(text, problem)).toEqual([
      'yaml/ambiguous-scalar',
      '`65:00.0` is something else to readers of YAML 1.1',
      '"65:00.0" not quoted',
    ]);
    expect(problem.notes).toEqual(['it is read here as a text; YAML 1.1 readers see the number 3900 (base 60)']);
    expect(problem.fixes.map(({ safe, edits }) => [safe, edits.map(({ text: edit }) => edit)])).toEqual([
      [true, ['"65:00.0"']],
    ]);
    expect(problem.code).toBe(AMBIGUOUS_SCALAR.code);
  });

  it('does not call it safe to make a text of a number', () => {
    expect(problemsOf('product: 0010\n').map(({ fixes }) => fixes[0]?.safe)).toEqual([false]);
    expect(problemsOf('0010: product\n').map(({ fixes }) => fixes[0]?.safe)).toEqual([true]);
  });

  it('obeys the law of the texts, however long the scalar is', () => {
    const long = `${'1_'.repeat(150)}0`;
    expect(problemsOf(`a: yes\nb: 0010\nc: ${long}\n`).flatMap((problem) => messageLawViolations(problem))).toEqual([]);
  });
});
