import fc from 'fast-check';
import { compareNatural, parseBdfAddress, parsePciId, repairedBdfAddress, resourceNameProblem } from '../../src/model';

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };
const hex = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-fA-F]{${length}}$`));

test('parsing what was parsed changes nothing', () => {
  const address = fc.tuple(hex(4), hex(2), fc.integer({ min: 0, max: 31 }), fc.integer({ min: 0, max: 7 }));
  fc.assert(
    fc.property(address, ([domain, bus, device, fn]) => {
      const text = `${domain}:${bus}:${device.toString(16).padStart(2, '0')}.${fn}`;
      const once = parseBdfAddress(text);
      expect(once).toEqual({ ok: true, value: text.toLowerCase() });
      expect(once.ok && parseBdfAddress(once.value)).toEqual(once);
    }),
    runs,
  );
});

test('parsers refuse or accept every string, and never throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
      for (const parse of [parseBdfAddress, parsePciId]) {
        const parsed = parse(text);
        expect(parsed.ok ? parsed.value : parsed.reason).not.toBe('');
      }
      repairedBdfAddress(text);
      resourceNameProblem(text);
    }),
    runs,
  );
});

test('natural order is a total order', () => {
  const name = fc.oneof(fc.stringMatching(/^[a-z]{0,2}[0-9]{0,3}[a-z]?[0-9]{0,2}$/), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0 || 0);
      expect(compareNatural(a, b) === 0).toBe(a === b);
      if (compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0) expect(compareNatural(a, c)).toBeLessThanOrEqual(0);
    }),
    runs,
  );
});
