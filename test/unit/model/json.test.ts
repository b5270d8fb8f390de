import { copyOf, isJsonObject, jsonAt } from '../../../src/model';

test('follows keys and indices', () => {
  expect(jsonAt({ a: [{ b: 1 }] }, 'a', 0, 'b')).toBe(1);
});

test('ends where the path ends', () => {
  expect(jsonAt({ a: 1 }, 'a', 'b')).toBeUndefined();
  expect(jsonAt(undefined, 'a')).toBeUndefined();
  expect(jsonAt({ a: [1] }, 'a', 'length')).toBeUndefined();
});

test('does not see what an object inherits', () => {
  expect(jsonAt({}, 'constructor')).toBeUndefined();
  expect(jsonAt({}, '__proto__')).toBeUndefined();
});

test('a list and null are no objects', () => {
  expect([isJsonObject([]), isJsonObject(null), isJsonObject({})]).toEqual([false, false, true]);
});

test('a copy has every entry and may be added to', () => {
  const original = JSON.parse('{ "b": 1, "__proto__": { "a": 2 } }') as { b: number };
  const copy = copyOf(original);
  expect(JSON.stringify(copy)).toBe('{"b":1,"__proto__":{"a":2}}');
  copy['b'] = 3;
  expect(original.b).toBe(1);
});
