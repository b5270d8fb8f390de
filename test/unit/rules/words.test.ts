import { counted, enumerated, fitting, listed, nodesInWords } from '../../../src/rules/words';

describe('words', () => {
  test('put a noun in the number of its count', () => {
    expect([0, 1, 2].map((count) => counted(count, 'node'))).toEqual(['0 nodes', '1 node', '2 nodes']);
    expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  });

  test('list at most three names, with the serial comma, each once and in natural order', () => {
    expect(listed([])).toBe('');
    expect(listed(['node2', 'node2'])).toBe('node2');
    expect(listed(['node10', 'node2'])).toBe('node2 and node10');
    expect(listed(['c', 'a', 'b'])).toBe('a, b, and c');
    expect(listed(['n4', 'n3', 'n2', 'n1', 'n10'])).toBe('n1, n2, n3, and 2 more');
    expect(enumerated(['b', 'a'])).toBe('b and a');
  });

  test('name one node and count several', () => {
    expect(nodesInWords(['node03'])).toBe('node node03');
    expect(nodesInWords(['node03', 'node01', 'node02', 'node04'])).toBe('4 nodes (node01, node02, node03, and 1 more)');
  });

  test('choose the first wording that fits, or the last', () => {
    expect(fitting('a'.repeat(91), 'short', 'shorter')).toBe('short');
    expect(fitting('a'.repeat(91), 'b'.repeat(91))).toBe('b'.repeat(91));
  });
});
