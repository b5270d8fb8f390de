import { SourceFile } from '../../../src/source';
import { readYaml } from '../../../src/yaml';
import { read, valueOf } from './reading';

describe('values', () => {
  it.each([
    ['0010', 10],
    ['-12', -12],
    ['+7', 7],
    ['0x1f', 31],
    ['0o17', 15],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['true', true],
    ['FALSE', false],
    ['null', null],
    ['~', null],
    ['', null],
    ['yes', 'yes'],
    ['65:00.0', '65:00.0'],
    ['1_000', '1_000'],
    ['0b11', '0b11'],
    ['2001-01-01', '2001-01-01'],
    ['0x', '0x'],
    ['truely', 'truely'],
    ['1e999x', '1e999x'],
    ['"0010"', '0010'],
    ["'it''s'", "it's"],
    ['"a\\tb\\u00e9"', 'a\tbé'],
    ['!!str 0010', '0010'],
    ['!!int "5"', 5],
    ['! 5', '5'],
    ['!!float 2', 2],
    ['!!bool "true"', true],
    ['!!null ""', null],
    ['!<tag:yaml.org,2002:str> 5', '5'],
  ])('reads %s by the core schema of YAML 1.2', (typed, value) => {
    expect(valueOf(`a: ${typed}\n`)).toEqual({ a: value });
  });

  it('reads lists, maps, blocks and flow collections as plain objects', () => {
    const text = `
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
pools:
- nodes: [a, b]
  script: |
    #!/bin/sh
    exit 0
  note: >-
    one
    line
`;
    expect(valueOf(text)).toStrictEqual({
      devices: { t4: { pci: ['10de:1eb8'], resourceName: 'nvidia.com/t4' } },
      pools: [{ nodes: ['a', 'b'], script: '#!/bin/sh\nexit 0\n', note: 'one line' }],
    });
  });

  it('reads numbers and words that stand as keys as the text that was typed', () => {
    expect(valueOf('8080: a\n0010: b\ntrue: c\nyes: d\n')).toEqual({ '8080': 'a', '0010': 'b', true: 'c', yes: 'd' });
  });

  it('keeps `__proto__` and `constructor` as entries of their own', () => {
    const value = valueOf('__proto__: { polluted: true }\nconstructor: 1\n') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('expands an alias, also as a key', () => {
    expect(valueOf('a: &x { b: 1 }\nc: *x\nd: &k name\n*k : 2\n')).toEqual({
      a: { b: 1 },
      c: { b: 1 },
      d: 'name',
      name: 2,
    });
  });

  it('takes the nearest anchor before an alias when two have one name', () => {
    expect(valueOf('a: &x 1\nb: &x 2\nc: *x\n')).toEqual({ a: 1, b: 2, c: 2 });
  });

  it('reads tags through the handles that the document declares', () => {
    expect(valueOf('%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 5\n')).toEqual({ a: '5' });
  });
});

describe('texts', () => {
  it('reads CRLF and a byte order mark as if they were not there', () => {
    expect(valueOf('\ufeffa: |\r\n  one\r\n  two\r\nb: 2\r\n')).toEqual({ a: 'one\ntwo\n', b: 2 });
  });

  it('gives one document for each, numbered, and null for one without content', () => {
    const { documents, problems } = read('---\na: 1\n---\n---\n- b\n');
    expect(problems).toEqual([]);
    expect(documents).toEqual([
      { file: 'fleet.yaml', index: 0, value: { a: 1 } },
      { file: 'fleet.yaml', index: 1, value: null },
      { file: 'fleet.yaml', index: 2, value: ['b'] },
    ]);
  });

  it.each(['', '\n', '# only a comment\n'])('gives no document for %j', (text) => {
    expect(read(text)).toEqual({ documents: [], problems: [], ambiguities: [] });
  });

  it('forgets anchors at the end of a document', () => {
    expect(read('a: &x 1\n---\nb: *x\n').problems.map(({ slug }) => slug)).toEqual(['yaml/unknown-alias']);
  });
});

describe('reading again', () => {
  afterEach(() => {
    jest.resetModules();
    jest.dontMock('yaml');
  });

  function loadsOfSlowParser(text: string): number {
    let loads = 0;
    jest.doMock('yaml', () => {
      loads++;
      return jest.requireActual<object>('yaml');
    });
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fresh copy, to see what it loads
      const fresh = require('../../../src/yaml') as { readYaml: typeof readYaml };
      fresh.readYaml(new SourceFile('fleet.yaml', text));
    });
    return loads;
  }

  it('never loads the slow parser for a text without syntax errors', () => {
    expect(loadsOfSlowParser('a: 1\na: 2\nb: *none\n')).toBe(0);
  });

  it('loads it for a text with one', () => {
    expect(loadsOfSlowParser('a: b: c\n')).toBe(1);
  });
});
