import { INVENTORY_PROBLEMS } from '../../../src/inventory';

describe('the problems of inventories', () => {
  it('have codes and slugs of their own', () => {
    const codes = INVENTORY_PROBLEMS.map(({ code }) => code);
    const slugs = INVENTORY_PROBLEMS.map(({ slug }) => slug);

    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(slugs).size).toBe(slugs.length);
    expect(codes).toEqual([...codes].sort());
    expect(codes.filter((code) => !/^INV1\d\d$/.test(code))).toEqual([]);
    expect(slugs.filter((slug) => !/^inventory\/[a-z]+(-[a-z]+)*$/.test(slug))).toEqual([]);
  });

  it.each(INVENTORY_PROBLEMS)(
    '$slug says in one clause what it is, and why it matters',
    ({ summary, why, sources }) => {
      expect(summary).toMatch(/^[a-z].*[^.]$/);
      expect(summary.length).toBeLessThanOrEqual(90);
      expect(why.trim().length).toBeGreaterThan(60);
      expect(sources.filter(({ url }) => !/[0-9a-f]{10,}|\/v\d|\/spec\/\d|\/issues\/\d/.test(url))).toEqual([]);
    },
  );
});
