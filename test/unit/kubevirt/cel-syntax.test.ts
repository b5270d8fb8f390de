import fc from 'fast-check';
import { celComplaint } from '../../../src/kubevirt';
import { REFUSED_CONDITIONS, TAKEN_CONDITIONS, UNTOLD_CONDITIONS } from '../../support/cel-conditions';

it.each([...TAKEN_CONDITIONS, ...UNTOLD_CONDITIONS])('finds nothing in %j', (text) => {
  expect(celComplaint(text)).toBeUndefined();
});

it.each(REFUSED_CONDITIONS)('says of %j what is at %d', (text, offset, what) => {
  expect(celComplaint(text)).toEqual({ offset, what });
});

it('ends on any text', () => {
  const words = fc.constantFrom(
    'device',
    '.',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '?',
    ':',
    '!',
    '{',
    '}',
    'a',
    '1',
    ' ',
    ',',
    '-',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 60 }).map((all) => all.join('')),
      ),
      (text) => {
        const complaint = celComplaint(text);
        expect(complaint === undefined || (complaint.offset >= 0 && complaint.offset <= text.length)).toBe(true);
      },
    ),
  );
});
