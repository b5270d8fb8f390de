import { appendToPointer, keyPlace, parentPointer, placeAt, pointerSegments } from '../../../src/source';

test('keys with slashes and tildes survive', () => {
  const pointer = appendToPointer('', 'node-role.kubernetes.io/gpu', 'a~b', 0);
  expect(pointer).toBe('/node-role.kubernetes.io~1gpu/a~0b/0');
  expect(pointerSegments(pointer)).toEqual(['node-role.kubernetes.io/gpu', 'a~b', '0']);
});

test('the parent of the whole document is itself', () => {
  expect([parentPointer('/a/b'), parentPointer('/a'), parentPointer('')]).toEqual(['/a', '', '']);
});

test('a place further down keeps its file', () => {
  const place = placeAt({ kind: 'document', file: 'f', document: 0, pointer: '/a', part: 'key' }, 'b', 1);
  expect(place).toEqual({ kind: 'document', file: 'f', document: 0, pointer: '/a/b/1', part: 'value' });
  expect(keyPlace(place)).toMatchObject({ pointer: '/a/b/1', part: 'key' });
});

test('a line of code is as far down as code goes', () => {
  const place = { kind: 'code', frame: () => undefined } as const;
  expect(placeAt(place, 'b')).toBe(place);
  expect(keyPlace(place)).toBe(place);
});
