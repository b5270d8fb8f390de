import { nearestName } from '../../../src/kubevirt';

const FIELDS = ['gpus', 'hostDevices', 'pciHostDevices', 'usb', 'mediatedDevices'];

test.each([
  ['hostDevice', 'hostDevices'],
  ['hostdevices', 'hostDevices'],
  ['gpu', 'gpus'],
  ['gups', 'gpus'],
  ['mediatedDevice', 'mediatedDevices'],
])('finds for %s the name %s', (name, expected) => {
  expect(nearestName(name, FIELDS)).toBe(expected);
});

test('finds nothing that is far', () => {
  expect(nearestName('networks', FIELDS)).toBeUndefined();
  expect(nearestName('', FIELDS)).toBeUndefined();
});

test('finds nothing for a name that is right', () => {
  expect(nearestName('usb', FIELDS)).toBeUndefined();
});

test('prefers the candidate that differs in case only', () => {
  expect(nearestName('GPUS', ['gpus', 'GPU'])).toBe('gpus');
  expect(nearestName('HOSTDEVICES', FIELDS)).toBe('hostDevices');
  expect(nearestName('Gpus', ['cpus', 'gpus'])).toBe('gpus');
});

test('takes the first in code unit order of two that are equally near, in whatever order they come', () => {
  expect(nearestName('bat', ['cat', 'bar'])).toBe('bar');
  expect(nearestName('bat', ['bar', 'cat'])).toBe('bar');
});

test('does not compare names of absurd length', () => {
  expect(nearestName('x'.repeat(1_000_000), ['x'.repeat(1_000_001)])).toBeUndefined();
});
