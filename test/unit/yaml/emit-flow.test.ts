import { InternalError } from '../../../src/diagnostics';
import type { JsonValue } from '../../../src/model';
import { emitFlow } from '../../../src/yaml';

it('writes one line, keys as they were inserted', () => {
  const value = {
    address: '0000:5e:00.0',
    class: '0108',
    driver: 'nvme',
    iommuGroup: 27,
    sriov: { total: 4 },
    of: ['a', 1],
  };
  expect(emitFlow(value)).toBe(
    '{ address: "0000:5e:00.0", class: "0108", driver: nvme, iommuGroup: 27, sriov: { total: 4 }, of: [a, 1] }',
  );
});

it.each([
  [{}, '{}'],
  [[], '[]'],
  [{ a: undefined }, '{}'],
  [null, 'null'],
  [true, 'true'],
  [1e21, '1.0e+21'],
  ['Ceph OSD', 'Ceph OSD'],
  ['quay.io/a:b', '"quay.io/a:b"'],
  ['a,b', '"a,b"'],
  ['[a]', '"[a]"'],
  ['a\nb', '"a\\nb"'],
  ['yes', '"yes"'],
  ['', '""'],
  [{ 'a b': 1, 'c:d': 2, '0010': 3 }, '{ a b: 1, "c:d": 2, "0010": 3 }'],
])('writes %j as %s', (value, text) => {
  expect(emitFlow(value)).toBe(text);
});

it('announces a very long key', () => {
  const key = 'k'.repeat(1_100);
  expect(emitFlow({ [key]: 1 })).toBe(`{ ? "${key}" : 1 }`);
});

it('refuses what JSON does not have, and more than 100 levels', () => {
  let nested: JsonValue = 1;
  for (let i = 0; i < 101; i++) nested = [nested];
  expect(emitFlow((nested as readonly JsonValue[])[0] ?? null)).toContain('[1]');
  expect(() => emitFlow(nested)).toThrow(InternalError);
  expect(() => emitFlow([NaN])).toThrow(InternalError);
});
