import fc from 'fast-check';
import { sharingSpec } from '../../src/analysis';
import type { JsonObject } from '../../src/model';
import { variedMachines, variedSpec } from '../support/varied-machines';

const RUNS = { numRuns: 500 };
/** Without keys that have no value: what has one is like nothing else. */
const stated = variedSpec.map((spec) => JSON.parse(JSON.stringify(spec)) as JsonObject);

test('a spec that shares what it has in common with its variant says what it said', () => {
  fc.assert(
    fc.property(fc.array(variedSpec, { minLength: 2, maxLength: 6 }), (specs) => {
      expect(variedMachines(specs).map(sharingSpec)).toEqual(specs);
    }),
    RUNS,
  );
});

test('VMs are of one variant when and only when their specs are the same without what is their own', () => {
  fc.assert(
    fc.property(fc.array(stated, { minLength: 2, maxLength: 4 }), (specs) => {
      const machines = variedMachines(specs);
      for (const a of machines)
        for (const b of machines) {
          const [one, other] = [a, b].map(({ machine }) => withoutOwn(machine.spec));
          const isSame = JSON.stringify(one) === JSON.stringify(other);
          expect(a === b || a.variant === b.variant).toBe(a === b || isSame);
        }
    }),
    RUNS,
  );
});

test('a key that is named like what every object has is a key', () => {
  const specs = [
    '{"__proto__":{"a":1},"domain":{}}',
    '{"__proto__":{"a":1},"domain":{}}',
    '{"domain":{"__proto__":1}}',
  ];
  const [first, second, third] = variedMachines(specs.map((text) => JSON.parse(text) as JsonObject));

  expect([first, second, third].map((one) => one && JSON.stringify(sharingSpec(one)))).toEqual(specs);
  expect(second?.variant).toBe(first?.variant);
  expect(third?.variant).not.toBe(first?.variant);
});

/** What counts, with the fields that a VM has for itself reduced to whether they are there, and keys in order. */
function withoutOwn(spec: JsonObject): unknown {
  const own = new Set(['nodeSelector', 'volumes', 'tolerations', 'disks', 'interfaces']);
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, own.has(key) ? 'own' : sorted(item)]);
  };
  return sorted(spec);
}
