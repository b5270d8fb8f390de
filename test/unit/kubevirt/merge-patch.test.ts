import fc from 'fast-check';
import { applyMergePatch } from '../../../src/kubevirt/schema/merge-patch';
import { makeMergePatch } from '../../../tools/schema/make-merge-patch';

test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [['a', 'b'], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('makes of %j with %j what RFC 7396 says', (target, patch, expected) => {
  expect(applyMergePatch(target, patch)).toEqual(expected);
});

test('changes neither of its arguments', () => {
  const target = Object.freeze({ a: Object.freeze({ b: 1 }), c: 2 });

  expect(applyMergePatch(target, { a: { b: 2 }, c: null })).toEqual({ a: { b: 2 } });
  expect(target).toEqual({ a: { b: 1 }, c: 2 });
});

test('rebuilds any value from another one', () => {
  const value = fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.boolean()], key: fc.string() });

  fc.assert(
    fc.property(value, value, (from, to) => {
      const patch = makeMergePatch(from, to);

      expect(patch === undefined ? from : applyMergePatch(from, patch)).toEqual(to);
    }),
  );
});

test('cannot be made for a value that holds null', () => {
  expect(() => makeMergePatch({}, { a: { b: null } })).toThrow('cannot write null');
  expect(() => makeMergePatch({}, { a: [null] })).toThrow('cannot write null');
});
