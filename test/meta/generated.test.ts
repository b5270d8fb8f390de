import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROBLEMS } from '../../src/compile';
import { generatedFiles as gitopsPrograms } from '../../tools/gitops-programs-module';
import { generatedFiles as nodePrograms } from '../../tools/node-programs';
import { generatedFiles as reference } from '../../tools/reference-pages';
import { generatedFiles as rulePages } from '../../tools/rule-pages';
import { generatedFiles as ruleTrace } from '../../tools/rule-trace';
import { generatedFiles as schemaTable } from '../../tools/schema-table';
import { generatedFiles as validators } from '../../tools/validators';
import { ROOT } from '../support/lab';

const GENERATORS = { gitopsPrograms, nodePrograms, reference, rulePages, ruleTrace, schemaTable, validators };

describe.each(Object.entries(GENERATORS))('%s', (_name, generate) => {
  const files = generate();
  if (!(files instanceof Map)) {
    test.skip(`is skipped: ${files.skipped}`, () => undefined);
    return;
  }
  test.each([...files])('%s is as the tool makes it', (path, text) => {
    const file = join(ROOT, path);
    if (process.env['UPDATE_GENERATED'] === '1') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    // a whole generated file in a diff helps nobody
    expect(readFileSync(file, 'utf8') === text ? 'fresh' : `${path} is stale: npm run generate`).toBe('fresh');
  });
});

test('there is a page for every rule and none without one', () => {
  const pages = readdirSync(join(ROOT, 'docs', 'rules'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('/'))
    .map((name) => name.replace(/\.md$/, ''))
    .filter((name) => !name.endsWith('index'));
  expect(pages.sort()).toEqual(PROBLEMS.map(({ slug }) => slug).sort());
});
