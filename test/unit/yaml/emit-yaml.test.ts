import { InternalError } from '../../../src/diagnostics';
import type { JsonObject } from '../../../src/model';
import { emitYaml } from '../../../src/yaml';

it('begins with a line of its own when asked to', () => {
  const comments = new Map([['', 'about it']]);
  expect(emitYaml({ a: 1 }, { isMarked: true, comments })).toBe('---\n# about it\na: 1\n');
  expect(emitYaml({}, { isMarked: true })).toBe('---\n{}\n');
});

it('writes a word and a key that it has seen before as it did then', () => {
  const object = { no: 'no', list: [{ no: 'no' }, { a: 'x\ny' }], deeper: { list: [{ no: 'no' }], a: 'x\ny' } };
  const text = emitYaml(object);
  expect(emitYaml(object)).toBe(text);
  expect(text).toBe(
    'deeper:\n  a: |-\n    x\n    y\n  list:\n    - "no": "no"\nlist:\n  - "no": "no"\n  - a: |-\n      x\n      y\n"no": "no"\n',
  );
});

describe('order', () => {
  it('puts apiVersion, kind and metadata first, and sorts everything else by code unit', () => {
    const object = {
      spec: { b: 1, B: 2, a: { y: 1, x: 2 } },
      data: {},
      metadata: { name: 'x' },
      kind: 'K',
      apiVersion: 'v1',
    };
    expect(emitYaml(object)).toBe(
      'apiVersion: v1\nkind: K\nmetadata:\n  name: x\ndata: {}\nspec:\n  B: 2\n  a:\n    x: 2\n    "y": 1\n  b: 1\n',
    );
  });

  it('takes another order at the top, and only there', () => {
    const object = { kind: { kind: 1, b: 2, a: 3 }, a: 1, resources: 2 };
    expect(emitYaml(object, { topOrder: ['resources', 'kind'] })).toBe(
      'resources: 2\nkind:\n  a: 3\n  b: 2\n  kind: 1\na: 1\n',
    );
  });

  it('gives the same text for every order of insertion', () => {
    expect(emitYaml({ b: { d: 1, c: 2 }, a: 1 })).toBe(emitYaml({ a: 1, b: { c: 2, d: 1 } }));
  });
});

describe('texts', () => {
  it.each([
    ...[
      'kubevirt.io/v1',
      'nvidia.com/GRID_T4-1Q',
      'GRID T4-1Q',
      'Ceph OSD',
      'https://git.example.com/fleet.git',
      '/dev/vfio/vfio',
    ],
    ...[
      'quay.io/fedora:40',
      'intel_iommu=on',
      'a@b',
      'user (root)',
      'node03',
      '_x',
      'a - b',
      'yesterday',
      'e',
      'nullable',
    ],
  ])('stand bare where every reader sees the same: %s', (text) => {
    expect(emitYaml({ a: text })).toBe(`a: ${text}\n`);
  });

  it.each([
    ...[
      '',
      ' ',
      'y',
      'N',
      'yes',
      'No',
      'ON',
      'off',
      'true',
      'False',
      'null',
      'NULL',
      '~',
      'nan',
      'inf',
      '.inf',
      '.NaN',
      'e1',
      'E5',
    ],
    ...[
      '0',
      '10',
      '-1',
      '+1',
      '0010',
      '017',
      '0o17',
      '0x1f',
      '0b11',
      '1_000',
      '1e10',
      '12e4',
      '1.',
      '.5',
      '1.2.3',
      '8Gi',
    ],
    ...['65:00.0', '0000:5e:00.0', '10de:1eb8', '2001-01-01', '2001-01-01T00:00:00Z', '1:20'],
    ...[
      '=',
      '<<',
      '-',
      '--',
      '---',
      '...',
      '?',
      ':',
      ':a',
      'a:',
      'a: b',
      'a #b',
      '#a',
      '- a',
      '? a',
      '!t',
      '&a',
      '*a',
      '|',
      '>',
      '%a',
    ],
    ...[
      '@a',
      '`a',
      '"a"',
      "'a'",
      '{a',
      '}',
      '[a',
      ']',
      'a,b',
      ',',
      ' a',
      'a ',
      'a  b',
      'a\tb',
      'é',
      '\u{1F600}',
      '~/x',
      '\\',
      'a\\nb',
    ],
  ])('stand in double quotes otherwise: %s', (text) => {
    expect(emitYaml({ a: text })).toBe(`a: ${JSON.stringify(text)}\n`);
    expect(emitYaml({ [text]: 1 })).toBe(`${JSON.stringify(text)}: 1\n`);
  });

  it('escape what some readers take for a line end, or refuse', () => {
    expect(emitYaml({ a: '\u0085\u2028\u2029\ufeff\x7f\x80\ufffe\uffff\x00\x1b' })).toBe(
      'a: "\\u0085\\u2028\\u2029\\ufeff\\u007f\\u0080\\ufffe\\uffff\\u0000\\u001b"\n',
    );
    expect(emitYaml({ a: '\ud800', b: 'x\udc00\ny' })).toBe('a: "\\ud800"\nb: "x\\udc00\\ny"\n');
  });

  it('keep very long keys readable for every reader', () => {
    const key = 'k'.repeat(1_100);
    expect(emitYaml({ [key]: { a: 1 }, b: [{ [key]: 2 }] })).toBe(
      `b:\n  - ? "${key}"\n    : 2\n? "${key}"\n:\n  a: 1\n`,
    );
  });
});

describe('texts of several lines', () => {
  it('stand as blocks, with or without a line feed at their end', () => {
    expect(emitYaml({ a: { b: 'one\n\n  two\nthree \n' }, c: ['#!/bin/sh\nexit 0'] })).toBe(
      'a:\n  b: |\n    one\n\n      two\n    three \nc:\n  - |-\n    #!/bin/sh\n    exit 0\n',
    );
  });

  it.each(['\n', '\na', ' a\nb', '\ta\nb', 'a\n\n', 'a\n  \nb', 'a\n\t', 'a\r\nb', 'a\x01\nb', 'a\n\u2028'])(
    'stand in quotes where a block would lose something: %j',
    (text) => {
      expect(emitYaml({ a: text })).toMatch(/^a: ".*"\n$/);
    },
  );

  it('stand as blocks with tabs and emoji in them', () => {
    expect(emitYaml({ a: 'a\tb\n\tc \u{1F600}\n' })).toBe('a: |\n  a\tb\n  \tc \u{1F600}\n');
  });
});

describe('numbers and other values', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-1.5, '-1.5'],
    [420, '420'],
    [1e21, '1.0e+21'],
    [1e-7, '1.0e-7'],
    [1.5e300, '1.5e+300'],
    [9007199254740992, '9007199254740992'],
    [true, 'true'],
    [false, 'false'],
    [null, 'null'],
  ])('writes %p as %s', (value, text) => {
    expect(emitYaml({ a: value, b: [value] })).toBe(`a: ${text}\nb:\n  - ${text}\n`);
  });

  it('leaves out what is undefined, also when nothing else is there', () => {
    expect(emitYaml({ a: undefined, b: { c: undefined }, d: [{ e: undefined, f: 1 }, { g: undefined }] })).toBe(
      'b: {}\nd:\n  - f: 1\n  - {}\n',
    );
    expect(emitYaml({ a: undefined })).toBe('{}\n');
  });

  it('writes empty and nested collections', () => {
    expect(emitYaml({ a: [], b: {}, c: [[], {}, [1, [2]], { d: [3] }] })).toBe(
      'a: []\nb: {}\nc:\n  - []\n  - {}\n  -\n    - 1\n    -\n      - 2\n  - d:\n      - 3\n',
    );
  });

  it('keeps an entry named `__proto__`', () => {
    expect(emitYaml(JSON.parse('{"__proto__":{"constructor":1},"a":2}') as JsonObject)).toBe(
      '__proto__:\n  constructor: 1\na: 2\n',
    );
  });

  it.each([Infinity, -Infinity, NaN, () => 1, 10n, Symbol('a')])('refuses %p, which JSON does not have', (value) => {
    expect(() => emitYaml({ a: [value] } as unknown as JsonObject)).toThrow(InternalError);
  });

  it('refuses more than 100 levels', () => {
    const nested = (levels: number): JsonObject => (levels === 1 ? { a: 1 } : { a: nested(levels - 1) });
    expect(emitYaml(nested(100))).toContain(`${'  '.repeat(99)}a: 1\n`);
    expect(() => emitYaml(nested(101))).toThrow(InternalError);
    const circle: Record<string, unknown> = {};
    circle['a'] = [circle];
    expect(() => emitYaml(circle as JsonObject)).toThrow(InternalError);
  });
});

describe('comments', () => {
  const object = { kind: 'K', spec: { list: [{ b: 1, a: 2 }, 'x'], 'a/b': 3 } };

  it('stand above the key or the item that a pointer names', () => {
    const comments = new Map([
      ['', 'whole'],
      ['/kind', 'what'],
      ['/spec/a~1b', 'slash\n\nthird line'],
      ['/spec/list/0', 'item'],
      ['/spec/list/0/a', 'first key'],
      ['/spec/list/0/b', 'second key'],
      ['/spec/list/1', 'text'],
      ['/none', 'nowhere'],
    ]);
    expect(emitYaml(object, { comments })).toBe(
      [
        '# whole',
        '# what',
        'kind: K',
        'spec:',
        '  # slash',
        '  #',
        '  # third line',
        '  a/b: 3',
        '  list:',
        '    # item',
        '    # first key',
        '    - a: 2',
        '      # second key',
        '      b: 1',
        '    # text',
        '    - x',
        '',
      ].join('\n'),
    );
  });

  it('cannot end their line', () => {
    const comments = new Map([['/a', 'x\rkind: Evil\u0085kind: Evil\u2028y\x00\x1b[31m\ud800\r\nnext  ']]);
    expect(emitYaml({ a: 1 }, { comments })).toBe('# x kind: Evil kind: Evil y  [31m\n# next\na: 1\n');
  });

  it('do not change the text around them', () => {
    const text = emitYaml(object, { comments: new Map([['/spec/list/0/a', 'c']]) });
    expect(text.replace(/^ *# c\n/m, '')).toBe(emitYaml(object));
  });
});
