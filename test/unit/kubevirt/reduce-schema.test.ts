import { reachableDefinitions } from '../../../tools/schema/reachable';
import { reduceDefinitions, reduceSchema, shortName } from '../../../tools/schema/reduce-schema';

test('leaves out what refuses nothing and keeps what does', () => {
  const raw = {
    type: 'object',
    description: 'prose',
    default: {},
    required: ['b', 'a'],
    'x-kubernetes-map-type': 'atomic',
    properties: {
      a: { type: 'string', default: '', enum: ['z', 'y'] },
      b: { type: 'integer', format: 'int32', minimum: 1 },
      c: { type: ['string', 'null'], format: 'date-time' },
      d: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      e: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      f: { type: 'array', nullable: true, items: { default: {}, $ref: '#/definitions/k8s.io.api.core.v1.Affinity' } },
      g: {},
    },
  };

  expect(reduceSchema(raw, 'x')).toEqual({
    type: 'object',
    required: ['a', 'b'],
    properties: {
      a: { type: 'string', enum: ['y', 'z'] },
      b: { type: 'integer', format: 'int32', minimum: 1 },
      c: { type: 'string', nullable: true },
      d: { type: 'object', open: true },
      e: { $ref: 'IntOrString' },
      f: { type: 'array', nullable: true, items: { $ref: 'core.Affinity' } },
      g: { open: true },
    },
  });
});

test.each(['oneOf', 'not', 'x-something', 'uniqueItems'])(
  'refuses to drop %s, about which nobody decided',
  (keyword) => {
    expect(() => reduceSchema({ type: 'object', properties: { a: { [keyword]: true } } }, 'v1.X')).toThrow(
      `v1.X.a: unknown keyword ${keyword}`,
    );
  },
);

test('shortens names without making two of them one', () => {
  expect(shortName('k8s.io.apimachinery.pkg.api.resource.Quantity')).toBe('Quantity');
  expect(shortName('io.k8s.api.apps.v1.DaemonSet')).toBe('apps.v1.DaemonSet');
  expect(shortName('v1.GPU')).toBe('v1.GPU');
  expect(() => reduceDefinitions({ 'k8s.io.api.core.v1.X': {}, 'io.k8s.api.core.v1.X': {} })).toThrow('core.X');
});

test('refuses definitions that refer to themselves', () => {
  const definitions = {
    a: { items: { $ref: 'b' } },
    b: { properties: { x: { additionalProperties: { $ref: 'a' } } } },
  };

  expect(() => reachableDefinitions(definitions, ['a'])).toThrow('a refers to b refers to a');
  expect(() => reachableDefinitions(definitions, ['c'])).toThrow('nothing is called c');
});
