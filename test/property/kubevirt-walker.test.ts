import fc from 'fast-check';
import { KUBEVIRT_RELEASES, validateFragment, validateObject } from '../../src/kubevirt';
import { definitionsOf } from '../../src/kubevirt/schema/definitions';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model';
import { pointerSegments } from '../../src/source';
import { GPU_VM, KUBEVIRT, MACHINE_CONFIG, NVME_VMI, openedCopy, setMember } from '../unit/kubevirt/objects';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 200);

const release = fc.constantFrom(...KUBEVIRT_RELEASES);
const accepted = fc.constantFrom(GPU_VM, NVME_VMI, KUBEVIRT, MACHINE_CONFIG);
const knownName = fc.constantFrom('spec', 'domain', 'devices', 'gpus', 'name', 'metadata', '__proto__', 'constructor');
const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

/** An accepted object with one member anywhere replaced or added. */
const damaged = fc
  .tuple(accepted, fc.nat(), fc.oneof(knownName, fc.string()), anyJson, fc.boolean())
  .map(([object, pick, name, value, adds]) => {
    const { copy, parts } = openedCopy(object);
    const owner = parts[pick % parts.length] ?? {};
    const keys = Object.keys(owner);
    const key = adds || keys.length === 0 ? name : (keys[pick % keys.length] ?? name);
    setMember(owner, key, value);
    return copy;
  });

test('never throws on any JSON, and says the same every time', () => {
  fc.assert(
    fc.property(release, fc.oneof(damaged, anyJson), (target, value) => {
      const complaints = validateObject({ release: target }, value as JsonObject);

      expect(validateObject({ release: target }, value as JsonObject)).toEqual(complaints);
    }),
    { numRuns },
  );
});

test('complains of any damage inside the damaged object only, below a pointer that leads there', () => {
  fc.assert(
    fc.property(release, damaged, (target, object) => {
      for (const { pointer, kind } of validateObject({ release: target }, object)) {
        const segments = pointerSegments(pointer);
        const parent = segments.slice(0, -1).reduce<unknown>((at, step) => memberOf(at, step), object);

        if (kind !== 'missing-field') expect(memberOf(parent, segments.at(-1) ?? '')).toBeDefined();
      }
    }),
    { numRuns },
  );
});

test('does not depend on the order of keys', () => {
  fc.assert(
    fc.property(release, damaged, (target, object) => {
      expect(validateObject({ release: target }, reversed(object) as JsonObject)).toEqual(
        validateObject({ release: target }, object),
      );
    }),
    { numRuns },
  );
});

test('never throws on any fragment under any definition', () => {
  const definition = fc.constantFrom(...Object.keys(definitionsOf('1.9')));

  fc.assert(
    fc.property(definition, fc.oneof(anyJson, fc.anything()), (name, value) => {
      expect(Array.isArray(validateFragment({ release: '1.9' }, name, value))).toBe(true);
    }),
    { numRuns },
  );
});

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function reversed(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item: JsonValue) => reversed(item) ?? null);
  if (!isJsonObject(value)) return value;
  const copy: Record<string, JsonValue> = {};
  for (const key of Object.keys(value).reverse()) {
    setMember(copy, key, reversed(value[key]));
  }
  return copy;
}
