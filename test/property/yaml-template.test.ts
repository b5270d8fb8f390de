import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/model';
import { emitYaml, writeDifferences, YamlTemplate } from '../../src/yaml';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) };

const key = fc.constantFrom(
  'a',
  'b',
  'name',
  'kind',
  'metadata',
  'constructor',
  'toString',
  '__proto__',
  '0',
  'x'.repeat(1_001),
);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom('', 'yes', 'plain', 'a: b', 'two\nlines', 'ends\n', ' blank\n x', '# x', '\u2028', '-0', '[]', '{}'),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ minLength: 60, maxLength: 70 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { object } = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('object'), fc.array(tie('value'), { maxLength: 3 })),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    // as readers make it: a key called __proto__ is an entry like any other
    .map((entries) => Object.fromEntries(entries)),
}));

/** The value with its scalars replaced, one after another, by those that there are; the others stay. */
function withScalars(value: JsonValue | undefined, scalars: readonly (JsonValue | undefined)[]): JsonValue {
  let next = 0;
  const visit = (one: JsonValue | undefined): JsonValue => {
    if (Array.isArray(one)) return (one as readonly JsonValue[]).map(visit);
    if (typeof one !== 'object' || one === null) return scalars[next++] ?? one ?? null;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, visit(inner)]));
  };
  return visit(value);
}

const marked = (value: JsonObject): string => emitYaml(value, { isMarked: true });

test('objects with other scalars, one after another, are written as if there were no template', () => {
  const others = fc.array(fc.array(fc.option(scalar, { nil: undefined, freq: 2 }), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(object, others, (one, lists) => {
      const template = YamlTemplate.of(one);
      const written = lists.map((scalars) => {
        const other = withScalars(one, scalars) as JsonObject;
        return { other, differences: template?.differencesOf(other) };
      });

      for (const { other, differences } of written) {
        expect(differences).toBeDefined();
        if (differences !== undefined) expect(writeDifferences(differences)).toBe(marked(other));
      }
    }),
    RUNS,
  );
});

test('objects that share what they hold are alike in it', () => {
  const inner = { a: ['x', { y: 1 }] };
  const template = YamlTemplate.of({ name: 'one', inner });

  for (const other of [
    { name: 'two', inner },
    { name: 'one', inner: { a: inner.a } },
  ]) {
    const differences = template?.differencesOf(other);

    expect(differences && writeDifferences(differences)).toBe(marked(other));
  }
});

test('objects that differ in the same scalars hold what is common to them once', () => {
  const template = YamlTemplate.of({ a: 'x', b: 'y', c: 'z' });
  const [first, second, third] = [
    { a: '1', b: 'y', c: '2' },
    { a: '3', b: 'y', c: '4' },
    { a: '3', b: '4', c: 'z' },
  ].map((other) => template?.differencesOf(other)?.spots);

  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('whatever is taken for alike is written as if there were no template', () => {
  fc.assert(
    fc.property(object, object, (one, other) => {
      const template = YamlTemplate.of(one);
      const differences = template?.differencesOf(other);
      fc.pre(differences !== undefined);

      expect(writeDifferences(differences)).toBe(marked(other));
    }),
    RUNS,
  );
});

test('what is not JSON, has other keys, or inherits entries is nothing like it', () => {
  const template = YamlTemplate.of({ a: 'x', list: [1], inner: {} });
  const inheriting = Object.assign(Object.create({ a: 'x' }) as JsonObject, { b: 'x', list: [1], inner: {} });

  for (const other of [
    { a: 'x', list: [1] },
    { a: 'x', list: [1], inner: {}, more: 1 },
    { a: 'x', list: [1, 2], inner: {} },
    { a: 'x', list: { 0: 1 }, inner: {} },
    { a: ['x'], list: [1], inner: {} },
    { a: undefined, list: [1], inner: {} },
    { a: 'x', list: [1], inner: [] },
    { b: 'x', list: [1], inner: {} },
    inheriting,
  ])
    expect(template?.differencesOf(other as unknown as JsonObject)).toBeUndefined();
  expect(YamlTemplate.of({ a: undefined })).toBeUndefined();
  expect(YamlTemplate.of({ a: Infinity })).toBeUndefined();
});
