import { compareBdfAddress, parseBdfAddress, repairedBdfAddress, slotOf, type BdfAddress } from '../../../src/model';

const address = (text: string): BdfAddress => {
  const parsed = parseBdfAddress(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};

test.each([
  ['0000:65:00.0', '0000:65:00.0'],
  ['0000:5E:1F.7', '0000:5e:1f.7'],
  ['10000:01:00.0', '10000:01:00.0'],
])('reads %s', (text, expected) => {
  expect(parseBdfAddress(text)).toEqual({ ok: true, value: expected });
});

test.each([
  ['65:00.0', 'the domain is missing: write `0000:65:00.0`'],
  ['0000.65:00.0', 'the domain ends with a colon: write `0000:65:00.0`'],
  ['0000:04:00.00', 'the function is one digit: write `0000:04:00.0`'],
  ['0000:04:20.0', 'expected `DDDD:BB:DD.F` in hexadecimal, for example `0000:65:00.0`'],
  ['0000:04:00.8', 'expected `DDDD:BB:DD.F` in hexadecimal, for example `0000:65:00.0`'],
  ['0000:04:00.0\n', 'expected `DDDD:BB:DD.F` in hexadecimal, for example `0000:65:00.0`'],
  ['', 'expected `DDDD:BB:DD.F` in hexadecimal, for example `0000:65:00.0`'],
])('refuses %j and says what is expected', (text, reason) => {
  expect(parseBdfAddress(text)).toEqual({ ok: false, reason });
});

test('repairs what can mean one address only', () => {
  expect(repairedBdfAddress('65:00.0')).toBe('0000:65:00.0');
  expect(repairedBdfAddress('0000.65:00.0')).toBe('0000:65:00.0');
  expect(repairedBdfAddress('65')).toBeUndefined();
});

test('the functions of one card share a slot', () => {
  expect(slotOf(address('0000:65:00.1'))).toBe('0000:65:00');
});

test('orders by domain before bus', () => {
  const sorted = ['10000:01:00.0', '0000:81:00.0', '0000:02:00.1', '0000:02:00.0'].map(address).sort(compareBdfAddress);
  expect(sorted).toEqual(['0000:02:00.0', '0000:02:00.1', '0000:81:00.0', '10000:01:00.0']);
});
