/* Each program that runs on nodes must stand alone, so that what they have in common stands in each: it must be the same in all. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../support/lab';

const FOLDER = join(ROOT, 'src', 'manifests', 'node-preparation');
const READING = ['attr', 'hex', 'number', 'lower', 'follow', 'driver_of'];
const COMMON = [...READING, 'printable', 'note', 'give_up', 'tick'];

function functionsOf(program: string): Map<string, string> {
  const text = readFileSync(join(FOLDER, program), 'utf8');
  return new Map(
    [...text.matchAll(/^([a-z_]+)\(\) (?:\{ .* \}|\{[^\n]*\n(?:.*\n)*?\})$/gm)].map(([whole, name = '']) => [
      name,
      whole,
    ]),
  );
}

const programs = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sh'))
  .map((name) => [name, functionsOf(name)] as const);

test.each(programs)('%s reads an attribute without starting a process for it', (name) => {
  expect(readFileSync(join(FOLDER, name), 'utf8')).not.toMatch(new RegExp(`\\$\\((${READING.join('|')}) `));
});

test.each(COMMON)('%s is one function in every program that has it', (name) => {
  const texts = programs.flatMap(([, functions]) => functions.get(name) ?? []);

  expect(texts.length).toBeGreaterThan(1);
  expect(new Set(texts).size).toBe(1);
});
