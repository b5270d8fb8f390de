import { marked, problemsOf, read } from './reading';

it.each([
  ['a: b: c\n', 'an unquoted value holds a colon and a blank, which make a key of it', '"b:" the value begins here'],
  ['a: 1\n  b: 2\n', 'a value is followed by lines that are indented below it', '"1" this value is complete'],
  ['a:b\nc: 1\n', 'a line is neither a key with a value nor part of one', '"a:b" no colon followed by a blank'],
  ['a: 1\nb\nc: 2\n', 'a line among keys has no colon followed by a blank', '"b" read as a key without a value'],
  ['a: "b\nc: 1\n', 'a text in double quotes is not closed', '"\\"" opened here'],
  ["a: 'b\nc: 1\n", 'a text in single quotes is not closed', '"\'" opened here'],
  ['a: @b\n', 'an unquoted value cannot begin with `@`', '"@b" a reserved character'],
  ['a: `b`\n', 'an unquoted value cannot begin with a backtick', '"`b`" a reserved character'],
  ['a: %b\n', 'an unquoted value cannot begin with `%`', '"%b" a reserved character'],
  ['a:\n   b: 1\n  c: 2\n', 'a key is indented otherwise than those beside it', '"c:" another indentation'],
  ['a: [1, 2\nb: 3\n', 'a list that begins with `[` is not closed', '"b:" found before the closing `]`'],
  ['a: {b: 1\nc: 2\n', 'a map that begins with `{` is not closed', '"c:" found before the closing `}`'],
  ['a: [1]]\n', 'a value is followed by text that does not belong to it', '"]" not expected here'],
  ['a: "x" y\n', 'a value is followed by text that does not belong to it', '"y" not expected here'],
  ['a: *\n', 'an alias or anchor has no name', '"*" no name'],
  ['a: "\\d"\n', '`\\d` is not an escape in double quotes', '"\\\\d" not an escape'],
  ['a: - b\n', 'a list begins on the line of its key', '"-" a list item'],
  [
    'a: ["x" "y"]\n',
    'an item between brackets has no comma before it',
    '"\\"y\\"]" not separated from the item before',
  ],
  ['a: [1,,2]\n', 'a comma has no item before it', '"," nothing before this comma'],
  ['a: &x &y 1\n', 'a value has 2 anchors or 2 tags', '"&y" the second one'],
  ['a: |b\n  c\n', 'a block of text begins on the line of its `|` or `>`', '"b" text behind the indicator'],
  ['!!str ? \n', 'an anchor or a tag stands before an indicator', '"?" belongs before the anchor or tag'],
  ['a: b\0c\n', 'the text holds the control character U+0000', '"\\u0000" a character that YAML does not allow'],
  ['a: b\x01c\n', 'the text holds the control character U+0001', '"\\u0001" a character that YAML does not allow'],
])('says what is wrong with %j', (text, message, label) => {
  expect(problemsOf(text)).toEqual([['yaml/syntax-error', message, label]]);
});

it('reports independent mistakes of one text, each once', () => {
  const text = 'a: @x\nb: 1\nc: "y" z\nd: `q`\n';
  expect(problemsOf(text).map(([, message]) => message)).toEqual([
    'an unquoted value cannot begin with `@`',
    'a value is followed by text that does not belong to it',
    'an unquoted value cannot begin with a backtick',
  ]);
});

it('reports tabs once, and nothing that follows from them', () => {
  const text = 'devices:\n  - x\n\t- y\n\t\t- z\n';
  const { problems } = read(text);
  expect(problems.map(({ slug, primary }) => [slug, marked(text, primary.at)])).toEqual([
    ['yaml/tab-indentation', '\t'],
  ]);
});

it('counts the lines that are indented with tabs', () => {
  expect(read('a:\n\tb: 1\n\tc: 2\n\td: 3\n').problems[0]?.notes).toEqual(['2 more lines are indented with tabs']);
});

it('recognises an unresolved merge by its marks', () => {
  expect(problemsOf('<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> topic\n')).toEqual([
    [
      'yaml/merge-conflict',
      'the text holds both sides of an unresolved merge',
      '"<<<<<<< HEAD" one side begins here',
      '">>>>>>> topic" the other side ends here',
    ],
  ]);
});

it('does not take the marks in a block of text for a conflict', () => {
  expect(problemsOf('a: |\n  <<<<<<< HEAD\n  >>>>>>> topic\n')).toEqual([]);
});

it('refuses collections that nest too deep', () => {
  expect(problemsOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toEqual([
    ['yaml/deep-nesting', 'collections nest more than 64 levels deep', '"[" one level too many'],
  ]);
  expect(problemsOf(`${'['.repeat(63)}${']'.repeat(63)}`)).toEqual([]);
});

it('refuses a version that no reader knows', () => {
  expect(problemsOf('%YAML 2.0\n---\na: 1\n')).toEqual([
    ['yaml/foreign-version', 'the text declares YAML 2.0, and is read as YAML 1.2', '"%YAML 2.0" another version'],
  ]);
});

it('says something about a template around a whole text', () => {
  expect(problemsOf('{{ if .x }}\na: 1\n{{ end }}\n')[0]?.slice(0, 2)).toEqual([
    'yaml/non-string-key',
    'a key is a map, not a text',
  ]);
});

it('answers at once on a long text with thousands of mistakes', () => {
  const { problems, documents } = read('a: @\n'.repeat(100_000));
  expect(documents).toEqual([]);
  expect(problems.map(({ slug }) => slug)).toEqual(['yaml/syntax-error']);
});

it('survives brackets by the thousand', () => {
  expect(read('{"a":['.repeat(20_000)).problems.map(({ slug }) => slug)).toEqual(['yaml/deep-nesting']);
});
