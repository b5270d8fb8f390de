import { problemsOf, textAt, valueOf } from './reading';

const dialect = 'kubernetes';

// what sigs.k8s.io/yaml v1.4.0 gives for the same texts
it.each([
  ['yes', true],
  ['Off', false],
  ['y', true],
  ['~', null],
  ['', null],
  ['0010', 8],
  ['-017', -15],
  ['08', 8],
  ['0o17', 15],
  ['0B11', 3],
  ['-0b11', -3],
  ['0X1f', 31],
  ['1_000', 1000],
  ['1e10', 1e10],
  ['1e870', '1e870'],
  ['.5', 0.5],
  ['.1_9', 0.19],
  ['1.5E+3', 1500],
  ['0777777777777777777777777', 7.777777777777778e23],
  ['65:00.0', '65:00.0'],
  ['10:20', '10:20'],
  ['2001-01-01', '2001-01-01'],
  ['._5', '._5'],
  ['-', '-'],
  ['=', '='],
  ['"yes"', 'yes'],
])('reads %s as kubectl does', (typed, value) => {
  if (typed === '-') expect(valueOf('a: [-x]\n', { dialect })).toEqual({ a: ['-x'] });
  else expect(valueOf(`a: ${typed}\n`, { dialect })).toEqual({ a: value });
});

it('reads keys by the same rules, and turns them into texts', () => {
  expect(valueOf('on: 1\n0x10: 2\n0010: 3\n1.5: 4\nname: 5\n', { dialect })).toEqual({
    true: 1,
    '16': 2,
    '8': 3,
    '1.5': 4,
    name: 5,
  });
});

it('finds keys that become the same text', () => {
  expect(problemsOf('"true": 1\nyes: 2\n', { dialect })).toEqual([
    [
      'yaml/duplicate-key',
      '`true` is given twice in one map',
      '"yes" given again here',
      '"\\"true\\"" first given here',
    ],
  ]);
  expect(problemsOf('yes: 1\n"true": 2\n', { dialect })).toEqual([
    ['yaml/duplicate-key', '`true` is given twice in one map', '"\\"true\\"" given again here'],
  ]);
});

it('gives places by the names that keys get', () => {
  expect(textAt('spec:\n  yes: 1\n', '/spec/true')).toBe('1');
  expect(textAt('spec:\n  yes: 1\n  true: 2\n', '/spec/true')).toBe('2');
});

it('refuses null as a key', () => {
  expect(problemsOf('~: 1\n', { dialect })).toEqual([
    ['yaml/non-string-key', 'a key is null, not a text', '"~" this key is null'],
  ]);
});

it('merges maps; entries of the map itself win, then the first source', () => {
  const text = 'a: &a { x: 1, z: 1 }\nb: &b { x: 2, q: 2 }\nc:\n  <<: [*a, *b]\n  z: 3\nd: { <<: *a }\n';
  expect(valueOf(text, { dialect })).toEqual({
    a: { x: 1, z: 1 },
    b: { x: 2, q: 2 },
    c: { x: 1, z: 3, q: 2 },
    d: { x: 1, z: 1 },
  });
});

it('refuses to merge what is not a map', () => {
  expect(problemsOf('a:\n  <<: [1]\n', { dialect })).toEqual([
    ['yaml/merge-key', '`<<` merges something that is not a map', '"<<" its value is neither a map nor a list of maps'],
  ]);
});

it('keeps long integers as near as a double comes, and refuses infinity', () => {
  expect(valueOf('a: 12345678901234567890\n', { dialect })).toEqual({ a: 12345678901234567000 });
  expect(problemsOf('a: .inf\n', { dialect }).map(([slug]) => slug)).toEqual(['yaml/unrepresentable-number']);
});

it('does not mind which version a text declares', () => {
  expect(valueOf('%YAML 1.1\n---\na: yes\n', { dialect })).toEqual({ a: true });
});
