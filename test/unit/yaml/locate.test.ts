import { SourceFile } from '../../../src/source';
import { rawScalar, type RawScalar } from '../../../src/yaml';
import { textAt } from './reading';

const FLEET = `# the lab
apiVersion: hostdev/v1alpha1
spec:
  devices:
    t4:   # a comment
      pci: ["10de:1eb8", '10DE:1eb8']   # two spellings

      resourceName: nvidia.com/t4 # trailing

    "a/b~c": { usb: { selectors: [ { vendor: 46f4 }, ] } }

  # about pools
  nodePools:
    - name: gpu
      script: |  # header | comment
        #!/bin/sh
        exit 0

      folded: >-
        one
        two
    -
      name: cpu
  empty:
  emptyItems:
    -
    - # nothing
    - x
last: 'it''s'
`;

describe('values', () => {
  it.each([
    ['/apiVersion', 'hostdev/v1alpha1'],
    ['/spec/devices/t4/pci/0', '"10de:1eb8"'],
    ['/spec/devices/t4/pci/1', "'10DE:1eb8'"],
    ['/spec/devices/t4/pci', `["10de:1eb8", '10DE:1eb8']`],
    ['/spec/devices/t4', `pci: ["10de:1eb8", '10DE:1eb8']   # two spellings\n\n      resourceName: nvidia.com/t4`],
    ['/spec/devices/a~1b~0c/usb', '{ selectors: [ { vendor: 46f4 }, ] }'],
    ['/spec/devices/a~1b~0c/usb/selectors/0/vendor', '46f4'],
    ['/spec/nodePools/0/script', '|  # header | comment\n        #!/bin/sh\n        exit 0'],
    ['/spec/nodePools/0/folded', '>-\n        one\n        two'],
    ['/spec/nodePools/1', 'name: cpu'],
    ['/spec/emptyItems/0', '-'],
    ['/spec/emptyItems/1', '-'],
    ['/spec/emptyItems', '-\n    - # nothing\n    - x'],
    ['/last', "'it''s'"],
  ])('marks %s from its first character to its last', (pointer, text) => {
    expect(textAt(FLEET, pointer)).toBe(text);
  });

  it('marks the whole document without the comments around it', () => {
    expect(textAt('# a\na: 1 # b\nb:\n- c\n# d\n', '')).toBe('a: 1 # b\nb:\n- c');
  });

  it('marks a value without text at its key', () => {
    expect(textAt(FLEET, '/spec/empty')).toBe('empty');
    expect(textAt('a: { b: , c }\n', '/a/c')).toBe('c');
  });

  it('marks an alias where it stands, and what is in it behind the anchor', () => {
    const text = 'a: &x { b: 1 }\nc: *x\nd: [*x]\n';
    expect(textAt(text, '/c')).toBe('*x');
    expect(textAt(text, '/c/b')).toBe('1');
    expect(textAt(text, '/d/0/b', 'key')).toBe('b');
  });

  it('follows merge keys, also in a circle', () => {
    expect(textAt('a: &x { b: 1 }\nc:\n  <<: *x\n', '/c/b')).toBe('1');
    expect(textAt('a: &x { b: 1 }\nc:\n  <<: [{ d: 2 }, *x]\n', '/c/b')).toBe('1');
    expect(textAt('a: &x\n  <<: *x\n  b: 1\n', '/a/c')).toBe('a');
  });

  it('finds the first of two equal keys', () => {
    expect(textAt('a: 1\na: 2\n', '/a')).toBe('1');
  });

  it.each([
    ['a: [ # c ]\n  1, # d ]\n] # e\n', '/a', '[ # c ]\n  1, # d ]\n]'],
    ['a: {}\n', '/a', '{}'],
    ['a: [\n]\n', '/a', '[\n]'],
    ['a: [b: c]\n', '/a/0', 'b: c'],
    ['a: [b: c]\n', '/a/0/b', 'c'],
    ['a: !!str 0010\n', '/a', '0010'],
    ['a: &x "b"\n', '/a', '"b"'],
    ['a: "b\n  c"\n', '/a', '"b\n  c"'],
    ['a: b\n  c # d\n', '/a', 'b\n  c'],
    ['a: |', '/a', '|'],
    ['a: |+\n  b\n\n\nc: 1\n', '/a', '|+\n  b'],
    ['? a\n: b\n', '/a', 'b'],
    ['a: |\r\n  b\r\n  c\r\nd: 1\r\n', '/a', '|\r\n  b\r\n  c'],
    ['- - a\n  - b\n-\n  - c\n', '/0', '- a\n  - b'],
    ['- - a\n  - b\n-\n  - c\n', '/1/0', 'c'],
  ])('in %j finds %s', (text, pointer, found) => {
    expect(textAt(text, pointer)).toBe(found);
  });

  it('counts documents', () => {
    expect(textAt('a: 1\n---\na: 2\n---\n- 3\n', '/a', 'value', 1)).toBe('2');
    expect(textAt('a: 1\n---\na: 2\n---\n- 3\n', '/0', 'value', 2)).toBe('3');
  });
});

describe('keys', () => {
  it.each([
    ['/spec/devices/t4', 't4'],
    ['/spec/devices/a~1b~0c', '"a/b~c"'],
    ['/spec/nodePools/0/script', 'script'],
    ['/apiVersion', 'apiVersion'],
  ])('marks the key of %s', (pointer, text) => {
    expect(textAt(FLEET, pointer, 'key')).toBe(text);
  });

  it('takes the nearest key above what has none of its own', () => {
    expect(textAt(FLEET, '/spec/devices/t4/pci/0', 'key')).toBe('"10de:1eb8"');
  });
});

describe('what does not exist', () => {
  it.each([
    ['/spec/devices/t4/mdev', 't4'],
    ['/spec/devices/t4/mdev/name', 't4'],
    ['/spec/devices/t4/pci/7', 'pci'],
    ['/spec/devices/t4/pci/x', 'pci'],
    ['/spec/nodePools/1/nodes', 'name: cpu'],
    ['/spec/nodePools/0/nodes', 'name: gpu'],
    ['/metadata', 'apiVersion: hostdev/v1alpha1'],
    ['/apiVersion/deeper', 'apiVersion'],
  ])('is marked for %s at the deepest parent that does', (pointer, text) => {
    expect(textAt(FLEET, pointer)).toBe(text);
  });

  it.each(['', '# comment', '---\n', '\n\n'])('is marked on the first line of %j', (text) => {
    expect(textAt(text, '/a/b', 'key')).toBe(text.split('\n')[0]?.trimEnd());
    expect(textAt(text, '', 'value', 3)).toBe(text.split('\n')[0]?.trimEnd());
  });
});

describe('a text with syntax errors', () => {
  const broken = 'a:\n  b: [x, "y"]\n  c: |\n    text\nd: @oops\ne: 1\n';

  it.each([
    ['/a/b/1', 'value', '"y"'],
    ['/a/b', 'key', 'b'],
    ['/a/c', 'value', '|\n    text'],
    ['/a/none', 'value', 'a'],
    ['/e', 'value', '1'],
  ] as const)('is still searched for %s', (pointer, part, text) => {
    expect(textAt(broken, pointer, part)).toBe(text);
  });

  it('is marked on its first line where nothing is found', () => {
    expect(textAt('"never closed\nb: 1\n', '/b')).toBe('"never closed');
    expect(textAt(`a: @\n${'x'.repeat(300_000)}\n`, '/a')).toBe('a: @');
  });
});

describe('rawScalar', () => {
  function raw(text: string, pointer: string, document = 0): RawScalar | undefined {
    return rawScalar(new SourceFile('fleet.yaml', text), document, pointer);
  }

  it.each([
    ['a: 0010\n', '0010', 'plain'],
    ['a: "0010"\n', '"0010"', 'double'],
    ["a: '0010'\n", "'0010'", 'single'],
    ['a: |\n  x\n', '|\n  x', 'literal'],
    ['a: >\n  x\n', '>\n  x', 'folded'],
    ['a: !!str 0010\n', '0010', 'plain'],
  ])('gives what was typed in %j', (text, typed, style) => {
    expect(raw(text, '/a')).toEqual({
      text: typed,
      style,
      span: { file: 'fleet.yaml', start: text.indexOf(typed), end: text.indexOf(typed) + typed.length },
    });
  });

  it('looks behind aliases', () => {
    expect(raw('a: &x 0010\nb: *x\n', '/b')?.text).toBe('0010');
  });

  it.each(['a:\n', 'a: [1]\n', 'a: {}\n', 'b: 1\n', '', 'a: @\n', '- \n'])('gives nothing for %j', (text) => {
    expect(raw(text, '/a')).toBeUndefined();
    expect(raw('- \n', '/0')).toBeUndefined();
  });
});
