import { dayOf, isDay, readSuppressions, type CommentSyntax } from '../../../src/diagnostics';
import { SourceFile } from '../../../src/source';

const YAML: CommentSyntax = { mark: '#', isComment: () => true };
const DATA: CommentSyntax = { mark: '#', isComment: () => false };
const CODE: CommentSyntax = { mark: '//', isComment: () => true };

function read(text: string, syntax = YAML): ReturnType<typeof readSuppressions> {
  return readSuppressions(new SourceFile('f', text), syntax);
}

it('reads code, day and reason, and the line below a comment of its own', () => {
  const text = 'a: 1\n  # hostdev-allow PCI104 until 2027-03-01: cards move: in February  \nb: 2\n';

  const [comment, ...others] = read(text);

  expect(others).toEqual([]);
  expect(comment).toMatchObject({
    ok: true,
    line: 3,
    rule: 'PCI104',
    until: '2027-03-01',
    reason: 'cards move: in February',
  });
  expect(comment?.ok === true && text.slice(comment.at.start, comment.at.end)).toBe(
    '# hostdev-allow PCI104 until 2027-03-01: cards move: in February',
  );
  expect(comment?.ok === true && text.slice(comment.ruleAt.start, comment.ruleAt.end)).toBe('PCI104');
  expect(comment?.ok === true && text.slice(comment.removal.start, comment.removal.end)).toMatch(/^ {2}#.*\n$/);
});

it('speaks of its own line when something stands before it', () => {
  const text = 'a: 1   # hostdev-allow pci/shared-iommu-group: known\r\nb: 2\r\n';

  const [comment] = read(text);

  expect(comment).toMatchObject({
    ok: true,
    line: 1,
    rule: 'pci/shared-iommu-group',
    until: undefined,
    reason: 'known',
  });
  expect(comment?.ok === true && text.slice(0, comment.removal.start)).toBe('a: 1');
});

it('passes over further comments, so that several may stand above one line', () => {
  const lines = ['# hostdev-allow PCI104: one', '# because', '# hostdev-allow PCI105: two', 'a: 1'];

  expect(read(lines.join('\n')).map((one) => one.ok && one.line)).toEqual([4, 4]);
});

it.each([
  ['# hostdev-allow-file PCI104: all of it\na: 1', YAML],
  ['%YAML 1.2\n# a header\n\n---\n# hostdev-allow-file PCI104: all of it', YAML],
  ['#!/usr/bin/env node\n/*\n * A licence.\n */\n\n// hostdev-allow-file PCI104: all of it\nimport x', CODE],
])('is for the whole file at its top: %j', (text, syntax) => {
  expect(read(text, syntax)).toMatchObject([{ ok: true, line: undefined, rule: 'PCI104' }]);
});

it.each([
  ['# hostdev-allow', 'a code or a slug is missing'],
  ['# hostdev-allow : x', 'a code or a slug is missing'],
  ['# hostdev-allow PCI104', '`: reason` is missing'],
  ['# hostdev-allow PCI104:  ', 'the reason is missing'],
  ['# hostdev-allow PCI104 till 2027-01-01: x', 'expected `CODE until YYYY-MM-DD: reason`'],
  ['# hostdev-allow PCI104 PCI105: x', 'expected `CODE until YYYY-MM-DD: reason`'],
  ['# hostdev-allow PCI104 until: x', 'expected `CODE until YYYY-MM-DD: reason`'],
  ['# hostdev-allow PCI104 until 2027-02-30: x', '`until` takes a day, YYYY-MM-DD'],
  ['# hostdev-allow PCI104 until tomorrow: x', '`until` takes a day, YYYY-MM-DD'],
  ['# hostdev-allowed PCI104: x', 'write a blank and a code after the word'],
  ['# hostdev-allow-line PCI104: x', 'write a blank and a code after the word'],
  ['a: 1\n# hostdev-allow-file PCI104: x', 'for a whole file it stands at the top of the file'],
  ['a: 1 # hostdev-allow-file PCI104: x', 'for a whole file it stands at the top of the file'],
])('says why %j cannot be read', (text, reason) => {
  expect(read(text)).toMatchObject([{ ok: false, reason }]);
});

it.each([
  ['# see hostdev-allow in the manual', YAML],
  ['a: hostdev-allow PCI104: x', YAML],
  ['a#hostdev-allow PCI104: x', YAML],
  ['// hostdev-allow PCI104: x', YAML],
  ['# hostdev-allow PCI104: x', CODE],
  ['# hostdev-allow PCI104: x', DATA],
])('does not take %j for one', (text, syntax) => {
  expect(read(text, syntax)).toEqual([]);
});

it('is linear in a text full of the word', () => {
  const started = performance.now();
  read('# hostdev-allow'.repeat(40_000));
  read('# hostdev-allow X: y\n'.repeat(20_000));
  expect(performance.now() - started).toBeLessThan(5_000);
});

it.each([
  ['2027-02-28', true],
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2027-13-01', false],
  ['27-01-01', false],
])('knows whether %s is a day', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});

it('takes the day from SOURCE_DATE_EPOCH where it is set and sound', () => {
  const moment = new Date('2026-11-22T23:59:59Z');

  expect(dayOf(moment)).toBe('2026-11-22');
  expect(dayOf(moment, '0')).toBe('1970-01-01');
  expect(dayOf(moment, 'yesterday')).toBe('2026-11-22');
  expect(dayOf(moment, '99999999999')).toBe('5138-11-16');
});
