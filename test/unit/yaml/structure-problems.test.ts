import { SourceFile } from '../../../src/source';
import { applyEdits } from '../../../src/yaml';
import { marked, problemsOf, read, valueOf } from './reading';

describe('keys', () => {
  it('reports a key that is given twice at its second place, and shows the first', () => {
    const text = 'devices:\n  t4: 1\n  qat: 2\n  "t4": 3\n';
    expect(problemsOf(text)).toEqual([
      ['yaml/duplicate-key', '`t4` is given twice in one map', '"\\"t4\\"" given again here', '"t4" first given here'],
    ]);
    expect(read(text).documents[0]?.value).toEqual({ devices: { t4: 1, qat: 2 } });
  });

  it('reports problems in the order of the text', () => {
    const problems = read('a: { b: 1, b: 2 }\na: *none\n').problems.map(({ primary }) => primary.at);
    const starts = problems.map((at) => (at.kind === 'range' ? at.span.start : -1));
    expect(starts).toEqual([11, 18, 21]);
  });

  it('stops at 50 problems of one text', () => {
    expect(read('a: 1\n'.repeat(200)).problems).toHaveLength(50);
  });

  it.each([
    ['? [a, b]\n: c\n', 'a key is a list, not a text', '"[a, b]" this key is a list'],
    ['? { a: b }\n: c\n', 'a key is a map, not a text', '"{ a: b }" this key is a map'],
    [': c\n', 'a key is empty, not a text', '"c" no key stands before this'],
    [':\n', 'a key is empty, not a text', '":" no key stands before this'],
    ['a: &n null\n*n : c\n', 'a key is null, not a text', '"*n" this key is null'],
    ['a: &n [x]\n*n : c\n', 'a key is a list, not a text', '"*n" this key is a list'],
  ])('refuses the key of %j', (text, message, label) => {
    expect(problemsOf(text)).toEqual([['yaml/non-string-key', message, label]]);
  });

  it('says what a template is read as', () => {
    const text = 'node: {{ .Values.node }}\n';
    expect(problemsOf(text)).toEqual([
      ['yaml/non-string-key', 'a key is a map, not a text', '"{ .Values.node }" read as a map inside a map'],
    ]);
  });

  it('goes on behind a refused key', () => {
    const { documents, problems } = read('? [a, [b]]\n: { c: *none }\nd: 1\n');
    expect(problems.map(({ slug }) => slug)).toEqual(['yaml/non-string-key', 'yaml/unknown-alias']);
    expect(documents[0]?.value).toEqual({ d: 1 });
  });

  it('refuses a merge key, but not the text `<<` in quotes', () => {
    const text = 'a: &a { x: 1 }\nb:\n  <<: *a\n';
    expect(problemsOf(text)).toEqual([
      ['yaml/merge-key', 'YAML 1.2 has no merge key `<<`', '"<<" a merge key of YAML 1.1'],
    ]);
    expect(valueOf('"<<": 1\n')).toEqual({ '<<': 1 });
  });
});

describe('tags', () => {
  it.each([
    ['a: !gpu t4\n', '!gpu', 'not a tag of the core schema'],
    ['a: !!binary aGk=\n', '!!binary', 'not a tag of the core schema'],
    ['a: !!int ten\n', '!!int', 'the text is not an integer'],
    ['a: !!bool 1\n', '!!bool', 'the text is not a boolean'],
    ['a: !!map [b]\n', '!!map', 'not the tag of such a value'],
    ['a: !!set { b }\n', '!!set', 'not the tag of such a value'],
  ])('refuses %j', (text, tag, reason) => {
    expect(problemsOf(text)).toEqual([
      ['yaml/unknown-tag', `tag \`${tag}\` is not understood here`, `${JSON.stringify(tag)} ${reason}`],
    ]);
  });

  it('refuses a handle that no directive declares', () => {
    expect(problemsOf('a: !e!gpu t4\n')).toEqual([
      ['yaml/unknown-tag', 'tag `!e!gpu` is not understood here', '"!e!gpu" its handle is not declared'],
    ]);
  });
});

describe('aliases', () => {
  it('reports an alias without an anchor, and offers to quote what is a text', () => {
    const text = 'manifests: [*.yaml]\n';
    expect(problemsOf(text)).toEqual([
      [
        'yaml/unknown-alias',
        'alias `*.yaml` names no value before it',
        '"*.yaml" no anchor of this name is complete here',
      ],
    ]);
    const edits = read(text).problems[0]?.fixes[0]?.edits ?? [];
    const spans = edits.map(({ at, text: replacement }) => {
      if (at.kind !== 'range') throw new Error('not a range');
      return { at: at.span, text: replacement };
    });
    expect(applyEdits(new SourceFile('fleet.yaml', text), spans)).toEqual({
      ok: true,
      value: 'manifests: ["*.yaml"]\n',
    });
  });

  it('refuses an alias inside its own anchor', () => {
    expect(problemsOf('a: &a [1, *a]\n')).toEqual([
      ['yaml/unknown-alias', 'alias `*a` names no value before it', '"*a" no anchor of this name is complete here'],
    ]);
  });

  it('reports the alias at which a text explodes, once', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh']) {
      lines.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    }
    const problems = problemsOf(lines.join('\n'));
    expect(problems).toEqual([
      [
        'yaml/oversized-alias',
        'the aliases up to `*d` expand to more than 100000 values',
        '"*d" too many with this alias',
      ],
    ]);
  });

  it('bounds the depth that aliases of aliases reach', () => {
    const levels = Array.from(
      { length: 4 },
      (_, i) => `k${i}: &k${i} ${'['.repeat(20)}${i === 0 ? '1' : `*k${i - 1}`}${']'.repeat(20)}`,
    );
    expect(problemsOf(levels.join('\n'))).toEqual([
      ['yaml/deep-nesting', 'collections nest more than 64 levels deep', '"*k2" one level too many'],
    ]);
  });

  it('accepts as many aliases as a fleet may need', () => {
    const aliases = Array.from({ length: 5_000 }, (_, i) => `vm${i}: *spec`).join('\n');
    expect(read(`base: &spec { cpu: { cores: 4 }, memory: 8Gi }\n${aliases}\n`).problems).toEqual([]);
  });
});

describe('numbers', () => {
  it.each([
    ['.inf', 'JSON has no such number'],
    ['.nan', 'JSON has no such number'],
    ['1e999', 'JSON has no such number'],
    ['12345678901234567890', 'becomes 12345678901234567000'],
    ['9007199254740993', 'becomes 9007199254740992'],
    ['18446744073709551616', 'becomes 18446744073709552000'],
    ['1000000000000000000000', 'becomes 1e+21'],
    ['0xfffffffffffffffff', 'becomes 295147905179352830000'],
  ])('refuses %s, which JSON does not keep', (typed, label) => {
    const text = `serial: ${typed}\n`;
    expect(problemsOf(text)).toEqual([
      [
        'yaml/unrepresentable-number',
        `the number \`${typed}\` cannot be kept as it is written`,
        `${JSON.stringify(typed)} ${label}`,
      ],
    ]);
  });

  it.each(['9007199254740992', '77556520685314260', '-0010', '0.1', '1e21', '-0', '3.14159265358979323846'])(
    'keeps %s',
    (typed) => {
      expect(valueOf(`a: ${typed}\n`)).toEqual({ a: Number(typed) });
    },
  );
});

describe('declarations', () => {
  it('refuses a text that declares another version', () => {
    expect(problemsOf('# a\n%YAML 1.1\n---\na: yes\n')).toEqual([
      ['yaml/foreign-version', 'the text declares YAML 1.1, and is read as YAML 1.2', '"%YAML 1.1" another version'],
    ]);
    expect(valueOf('%YAML 1.2\n---\na: yes\n')).toEqual({ a: 'yes' });
  });

  it('refuses a carriage return that ends a line for some readers only', () => {
    const text = 'a: 1\r\nb: 2\rc: 3\n';
    const { problems, documents } = read(text);
    expect(documents).toEqual([]);
    expect(problems.map(({ slug, primary }) => [slug, marked(text, primary.at), text.indexOf('\rc')])).toEqual([
      ['yaml/lone-carriage-return', '\r', 10],
    ]);
  });
});
