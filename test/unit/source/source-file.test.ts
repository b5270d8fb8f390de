import { SourceFile } from '../../../src/source';

test('lines and columns count from 1, and a byte order mark is no column', () => {
  const source = new SourceFile('a.yaml', '\ufeffab\ncd');
  expect(source.positionOf(0)).toEqual({ line: 1, column: 1 });
  expect(source.positionOf(3)).toEqual({ line: 2, column: 1 });
  expect(source.positionOf(99)).toEqual({ line: 2, column: 3 });
});

test('a line ends at LF or CRLF, not at a lone CR', () => {
  const source = new SourceFile('a.yaml', 'a\r\nb\rc\n');
  expect(source.lineText(1)).toBe('a');
  expect(source.lineText(2)).toBe('b\rc');
  expect(source.lineText(3)).toBe('');
  expect(source.lineText(4)).toBe('');
  expect(source.lineCount).toBe(3);
});

test('an offset found by line and column is the offset of that position', () => {
  const source = new SourceFile('a.yaml', 'one\ntwo\nthree');
  for (let offset = 0; offset <= source.text.length; offset++) {
    const { line, column } = source.positionOf(offset);
    expect(source.offsetOf(line, column)).toBe(offset);
  }
});
