import { parseQuantity } from '../../../src/model';

describe('an amount', () => {
  it.each([
    ['4Gi', 4 * 1024 ** 3],
    ['512Mi', 512 * 1024 ** 2],
    ['1024M', 1024e6],
    ['500m', 0.5],
    ['1e3', 1000],
    ['1E', 1e18],
    ['.5', 0.5],
    ['2', 2],
    [2, 2],
  ])('%j is read', (text, value) => {
    expect(parseQuantity(text)).toEqual({ ok: true, value });
  });

  it.each(['', '1GB', 'Gi', '1 Gi', 'four', null, {}, '1'.repeat(100)])('%j is none', (text) => {
    expect(parseQuantity(text).ok).toBe(false);
  });
});
