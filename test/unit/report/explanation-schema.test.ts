import Ajv2020 from 'ajv/dist/2020';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../../src/cli/program';
import { fakeWorld } from '../../support/fake-world';
import { ROOT } from '../../support/lab';

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'schema', 'explanation.schema.json'), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, allErrors: true, strictTypes: false, strictRequired: false }).compile(
  SCHEMA,
);

const LAB = join(ROOT, 'examples', 'lab');
const FILES = Object.fromEntries(
  readdirSync(LAB, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(LAB, name), 'utf8')]),
);

function explained(subject: string, change: (fleet: string) => string = (fleet) => fleet): unknown {
  const world = fakeWorld({ ...FILES, 'fleet.yaml': change(FILES['fleet.yaml'] ?? '') });
  runProgram(['explain', subject, '--format', 'json'], world);
  return JSON.parse(world.out());
}

test.each(['vm/render-1', 'vm/vmi-nvme', 'node/node01', 'node/node03', 'device/t4', 'device/t4-1q'])(
  'what is explained of %s fits its schema',
  (subject) => {
    expect(validate(explained(subject)) || validate.errors).toBe(true);
  },
);

test('so does a chain that is broken, and a node of which nothing is known', () => {
  const misplaced = explained('vm/render-1', (fleet) => fleet.replace('pool: gpu-intel', 'pool: vgpu'));
  expect(validate(misplaced) || validate.errors).toBe(true);
  expect(JSON.stringify(misplaced)).toContain('"firstBroken"');
  const blind = explained('node/node01', (fleet) => fleet.replace('  inventory: inventory/\n', ''));
  expect(validate(blind) || validate.errors).toBe(true);
  expect(JSON.stringify(blind)).toContain('"hasInventory":false');
});

test('the schema refuses what is none', () => {
  const good = explained('device/t4') as { explanations: object[] };
  expect(validate({ version: 1, explanations: [{ ...good.explanations[0], colour: 'red' }] })).toBe(false);
});
