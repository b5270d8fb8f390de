import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HazardExample } from '../../src/diagnostics';
import { HAZARDS } from '../../src/plan';
import { ROOT } from '../support/lab';
import { messageLawViolations } from '../support/message-law';
import { planBetween } from '../support/plan-of';

const FOLDER = join(ROOT, 'src', 'plan', 'hazards');
const NOT_HAZARDS = new Set(['all-hazards.ts', 'example.ts', 'hazard.ts', 'sources.ts']);

function found({ before, after, files = {}, afterFiles = files }: HazardExample, name: string): string[] {
  const plan = planBetween(before === undefined ? undefined : { 'fleet.yaml': before, ...files }, {
    'fleet.yaml': after,
    ...afterFiles,
  });
  return plan.hazards.filter((hazard) => hazard.name === name).map(({ message }) => message);
}

test('the list is the folder, in the order of the slugs', () => {
  const files = readdirSync(FOLDER).filter((name) => !NOT_HAZARDS.has(name));

  expect(HAZARDS.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});

test('every code is given once', () => {
  expect(new Set(HAZARDS.map(({ code }) => code)).size).toBe(HAZARDS.length);
});

describe.each(HAZARDS.map((hazard) => [hazard.name, hazard] as const))('%s', (name, hazard) => {
  it('has a code of its area, words that say why, and sources', () => {
    expect(hazard.code).toMatch(/^PLN5\d\d$/);
    expect(hazard.slug).toBe(`plan/${name}`);
    expect(hazard.why.trim().length).toBeGreaterThan(100);
    expect(hazard.sources.length).toBeGreaterThan(0);
    expect(readFileSync(join(FOLDER, `${name}.ts`), 'utf8')).toContain(`slug: '${hazard.slug}',`);
  });

  test.each(hazard.examples.bad.map((example) => [example.name, example] as const))(
    'is found: %s',
    (_name, example) => {
      const messages = found(example, name);

      expect(messages).toContain(example.expected);
      for (const message of messages) expect(messageLawViolations({ message, primary: { text: '' } })).toEqual([]);
    },
  );

  test.each(hazard.examples.good.map((example) => [example.name, example] as const))(
    'is not found: %s',
    (_name, example) => {
      expect(found(example, name)).toEqual([]);
    },
  );
});
