import { parsePciClass, parsePciId, pciClassFamily, type PciClass } from '../../../src/model';

test('an id is compared in lower case', () => {
  expect(parsePciId('10DE:1EB8')).toEqual({ ok: true, value: '10de:1eb8' });
});

test.each([
  ['10de:1eb8 ', 'blanks around the id are compared too'],
  ['0x10de:1eb8', '`0x` is compared too: write the digits only'],
  ['10de:*', 'there are no wildcards'],
  ['10de', 'expected `vvvv:dddd`, four hexadecimal digits each'],
  ['10de:1eb8:10de:12a2', 'expected `vvvv:dddd`, four hexadecimal digits each'],
])('refuses %j', (text, reason) => {
  expect(parsePciId(text)).toEqual({ ok: false, reason });
});

test.each([
  ['0108', 'storage'],
  ['010802', 'storage'],
  ['0200', 'network'],
  ['0302', 'display'],
  ['0b40', 'processing'],
  ['1200', 'processing'],
  ['0604', 'bridge'],
  ['0680', 'other'],
  ['0403', 'other'],
])('class %s is %s', (code, family) => {
  const parsed = parsePciClass(code);
  expect(pciClassFamily(parsed.ok ? parsed.value : ('' as PciClass))).toBe(family);
});
