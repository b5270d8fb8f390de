import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

test('every file of imports/ says on line 1 by what it was made and how to make it again', () => {
  const files = readdirSync(join(ROOT, 'imports')).filter((name) => name.endsWith('.ts'));

  expect(files).toContain('kubevirt.io.ts');
  for (const file of files) {
    const [first] = readFileSync(join(ROOT, 'imports', file), 'utf8').split('\n');
    const group = file.slice(0, -'.ts'.length);

    expect(first).toMatch(/^\/\/ Made by cdk8s-cli [\d.]+ from the CustomResourceDefinitions of /);
    expect(first).toContain(` of ${group}. Make it again: node tools/import-crds.mjs`);
  }
});

test('nothing in src imports them', () => {
  for (const file of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;

    expect([file, /from '(?:\.\.\/)+imports\//.test(readFileSync(join(ROOT, 'src', file), 'utf8'))]).toEqual([
      file,
      false,
    ]);
  }
});
